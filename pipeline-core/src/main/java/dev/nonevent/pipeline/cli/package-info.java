/** A team's Main. */
@NullMarked
package dev.nonevent.pipeline.cli;

import org.jspecify.annotations.NullMarked;
