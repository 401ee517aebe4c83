/** Is the new colour good enough? */
@NullMarked
package dev.nonevent.pipeline.bluegreen.judge;

import org.jspecify.annotations.NullMarked;
