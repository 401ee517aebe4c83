/** What starts a run. */
@NullMarked
package dev.nonevent.pipeline.trigger;

import org.jspecify.annotations.NullMarked;
