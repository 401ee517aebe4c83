/** A command inside a container: what it is told, where it works, what it prints. The same whoever starts the container. */
@NullMarked
package dev.nonevent.pipeline.docker.inside;

import org.jspecify.annotations.NullMarked;
