/** Time, asked and never taken: one seam, virtual in tests. */
@NullMarked
package dev.nonevent.pipeline.time;

import org.jspecify.annotations.NullMarked;
