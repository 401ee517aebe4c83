/** Facts, in order. */
@NullMarked
package dev.nonevent.pipeline.event;

import org.jspecify.annotations.NullMarked;
