/** A release, a place, a way. */
@NullMarked
package dev.nonevent.pipeline.deployment;

import org.jspecify.annotations.NullMarked;
