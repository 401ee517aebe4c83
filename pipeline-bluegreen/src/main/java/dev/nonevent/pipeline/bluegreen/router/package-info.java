/** Our reverse proxy; it counts. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.router;

import org.jspecify.annotations.NullMarked;
