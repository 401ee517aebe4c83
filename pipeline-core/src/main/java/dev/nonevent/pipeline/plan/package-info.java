/** Checked and ordered, before anything runs. */
@NullMarked
package dev.nonevent.pipeline.plan;

import org.jspecify.annotations.NullMarked;
