/** A question before going on, answered on evidence. */
@NullMarked
package dev.nonevent.pipeline.gate;

import org.jspecify.annotations.NullMarked;
