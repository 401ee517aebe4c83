/** Telling the code host how a commit fares. */
@NullMarked
package dev.nonevent.pipeline.forge;

import org.jspecify.annotations.NullMarked;
