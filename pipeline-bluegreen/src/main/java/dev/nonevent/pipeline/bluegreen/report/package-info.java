/** How a deployment went: what a person reads and a program keeps. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.report;

import org.jspecify.annotations.NullMarked;
