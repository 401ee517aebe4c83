package dev.nonevent.pipeline.artifact;

import java.nio.file.Path;

/**
 * A file that a stage hands on: immutable, kept in an {@link ArtifactStore} under the digest of its content.
 *
 * @param name the file's own name, without directories
 * @param path where the store keeps it; do not write there
 * @param sha256 64 lower-case hexadecimal digits
 * @param size in bytes
 */
public record Artifact(String name, Path path, String sha256, long size) {

    /** The digest in the form registries use: {@code sha256:…}. */
    public String digest() {
        return "sha256:" + sha256;
    }
}
