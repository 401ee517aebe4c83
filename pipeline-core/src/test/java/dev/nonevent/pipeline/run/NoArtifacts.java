package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import java.nio.file.Path;
import java.util.Optional;

final class NoArtifacts implements ArtifactStore {
    public Artifact keep(Path file) {
        throw new AssertionError();
    }

    public Tree keepTree(Path directory) {
        throw new AssertionError();
    }

    public Optional<Artifact> find(String sha256) {
        return Optional.empty();
    }

    public void copy(Artifact artifact, Path file) {
        throw new AssertionError();
    }

    public void copy(Tree tree, Path directory) {
        throw new AssertionError();
    }
}
