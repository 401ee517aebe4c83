/** One Docker engine: the connection to it, what it has, and what was left on it. */
@NullMarked
package dev.nonevent.pipeline.docker.engine;

import org.jspecify.annotations.NullMarked;
