package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import java.nio.file.Path;
import java.util.Optional;

/** For runs that keep nothing: whoever tries fails the test. */
final class NoArtifacts implements ArtifactStore {

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
        throw new AssertionError(sha256);
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
