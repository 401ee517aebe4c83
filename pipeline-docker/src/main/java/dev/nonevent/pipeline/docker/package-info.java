/** Commands carried out in containers. */
@NullMarked
package dev.nonevent.pipeline.docker;

import org.jspecify.annotations.NullMarked;
