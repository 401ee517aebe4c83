/** Blue-green: the roof over its rooms. */
@NullMarked
package dev.nonevent.pipeline.bluegreen;

import org.jspecify.annotations.NullMarked;
