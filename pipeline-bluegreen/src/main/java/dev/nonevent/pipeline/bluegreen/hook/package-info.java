/** What a pipeline does at the moments of a deployment, and what it is told then. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.hook;

import org.jspecify.annotations.NullMarked;
