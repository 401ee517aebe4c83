package dev.nonevent.pipeline.artifact;

import java.nio.file.Path;
import java.util.Optional;

/** Keeps artifacts by their digest. Safe for use by several threads and several processes. */
public interface ArtifactStore {

    /** Takes a copy of the file; the same content is kept once. */
    Artifact keep(Path file);

    /** Takes a copy of the directory. Symbolic links that leave it are refused. */
    Tree keepTree(Path directory);

    /** Finds what was kept under this digest (64 hexadecimal digits), verified; empty if there is none. */
    Optional<Artifact> find(String sha256);

    /** Whether what this names is still kept here, and whole. */
    default boolean holds(Artifact artifact) {
        return find(artifact.sha256()).isPresent();
    }

    /** Whether what this names is still kept here, and whole. A store that cannot tell says no. */
    default boolean holds(Tree tree) {
        return false;
    }

    /**
     * Puts a private, writable copy where a stage may change it.
     *
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if the kept content no longer has its digest
     */
    void copy(Artifact artifact, Path file);

    /** Puts a private, writable copy of the tree into a directory, which may exist. */
    void copy(Tree tree, Path directory);
}
