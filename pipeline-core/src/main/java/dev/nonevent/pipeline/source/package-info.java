/** Where code comes from. */
@NullMarked
package dev.nonevent.pipeline.source;

import org.jspecify.annotations.NullMarked;
