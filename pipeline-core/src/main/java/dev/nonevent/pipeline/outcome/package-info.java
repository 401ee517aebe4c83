/** How anything can end. */
@NullMarked
package dev.nonevent.pipeline.outcome;

import org.jspecify.annotations.NullMarked;
