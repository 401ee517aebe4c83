/** Carrying out a plan. */
@NullMarked
package dev.nonevent.pipeline.run;

import org.jspecify.annotations.NullMarked;
