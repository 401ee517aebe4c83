package dev.nonevent.pipeline.artifact;

import java.nio.file.Path;

/**
 * A directory that a stage hands on: immutable, kept in an {@link ArtifactStore} under the digest of its content.
 *
 * @param path where the store keeps it; do not write there
 * @param sha256 over the sorted relative paths, modes and contents
 * @param files how many files it holds
 */
public record Tree(Path path, String sha256, int files) {}
