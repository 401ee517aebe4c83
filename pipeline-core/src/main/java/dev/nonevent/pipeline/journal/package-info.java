/** Facts kept across a crash. */
@NullMarked
package dev.nonevent.pipeline.journal;

import org.jspecify.annotations.NullMarked;
