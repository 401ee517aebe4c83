/** When nothing is deployed: windows in somebody's local time, and who went through one and why. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.freeze;

import org.jspecify.annotations.NullMarked;
