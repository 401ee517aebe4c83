/** Releases and stages on Docker Swarm: one engine that is many machines. */
@NullMarked
package dev.nonevent.pipeline.docker.swarm;

import org.jspecify.annotations.NullMarked;
