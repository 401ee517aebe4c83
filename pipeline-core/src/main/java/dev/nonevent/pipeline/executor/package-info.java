/** Where a command is carried out. */
@NullMarked
package dev.nonevent.pipeline.executor;

import org.jspecify.annotations.NullMarked;
