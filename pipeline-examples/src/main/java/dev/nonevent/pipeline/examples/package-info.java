/** Nothing to see yet. */
@NullMarked
package dev.nonevent.pipeline.examples;

import org.jspecify.annotations.NullMarked;
