/** The two places. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.slot;

import org.jspecify.annotations.NullMarked;
