/** What a pipeline is, and the language it is written in. */
@NullMarked
package dev.nonevent.pipeline.definition;

import org.jspecify.annotations.NullMarked;
