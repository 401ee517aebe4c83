/** Values never to be printed. */
@NullMarked
package dev.nonevent.pipeline.secret;

import org.jspecify.annotations.NullMarked;
