package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import java.nio.file.Path;
import java.util.Optional;

/** A {@link FakeHost} needs none: an artifact is its own name. */
final class NoArtifacts implements ArtifactStore {

    @Override
    public Artifact keep(Path file) {
        throw new UnsupportedOperationException("a fake world keeps no files");
    }

    @Override
    public Tree keepTree(Path directory) {
        throw new UnsupportedOperationException("a fake world keeps no files");
    }

    @Override
    public Optional<Artifact> find(String sha256) {
        return Optional.empty();
    }

    @Override
    public void copy(Artifact artifact, Path file) {
        throw new UnsupportedOperationException("a fake world keeps no files");
    }

    @Override
    public void copy(Tree tree, Path directory) {
        throw new UnsupportedOperationException("a fake world keeps no files");
    }
}
