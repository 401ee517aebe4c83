/** Who points users at a slot. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.traffic;

import org.jspecify.annotations.NullMarked;
