/** Deliveries to read and to run: one main each, each run by a test. */
@NullMarked
package dev.nonevent.pipeline.examples;

import org.jspecify.annotations.NullMarked;
