package dev.nonevent.pipeline.bluegreen.worker;

import dev.nonevent.pipeline.deployment.Instance;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who is told.
 *
 * @param directory where it finds files that are meant for it, if its host has such a place
 */
public record Worker(String application, Instance instance, Optional<Path> directory) {}
