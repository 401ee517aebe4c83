/** What a deployment does next: a table of states, events and effects, without any I/O and without time. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.protocol;

import org.jspecify.annotations.NullMarked;
