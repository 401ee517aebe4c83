/** What the code inside a stage may do. */
@NullMarked
package dev.nonevent.pipeline.work;

import org.jspecify.annotations.NullMarked;
