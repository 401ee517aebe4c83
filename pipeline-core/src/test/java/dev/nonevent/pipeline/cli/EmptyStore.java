package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import java.nio.file.Path;
import java.util.Optional;

/** For pipelines that keep nothing; keeping something is an error of the test. */
final class EmptyStore implements ArtifactStore {

    @Override
    public Artifact keep(Path file) {
        throw new AssertionError(file);
    }

    @Override
    public Tree keepTree(Path directory) {
        throw new AssertionError(directory);
    }

    @Override
    public Optional<Artifact> find(String sha256) {
        return Optional.empty();
    }

    @Override
    public void copy(Artifact artifact, Path file) {
        throw new AssertionError(artifact);
    }

    @Override
    public void copy(Tree tree, Path directory) {
        throw new AssertionError(tree);
    }
}
