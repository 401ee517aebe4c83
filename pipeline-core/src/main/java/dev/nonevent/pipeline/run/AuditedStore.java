package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import java.nio.file.Path;
import java.util.Optional;

/** Takes nothing that tells a secret: what keeps it is told so, and nothing of it has been kept. */
record AuditedStore(ArtifactStore store, LeakAudit audit) implements ArtifactStore {

    @Override
    public Artifact keep(Path file) {
        audit.requireClean(file);
        return store.keep(file);
    }

    @Override
    public Tree keepTree(Path directory) {
        audit.requireClean(directory);
        return store.keepTree(directory);
    }

    @Override
    public Optional<Artifact> find(String sha256) {
        return store.find(sha256);
    }

    @Override
    public boolean holds(Artifact artifact) {
        return store.holds(artifact);
    }

    @Override
    public boolean holds(Tree tree) {
        return store.holds(tree);
    }

    @Override
    public void copy(Artifact artifact, Path file) {
        store.copy(artifact, file);
    }

    @Override
    public void copy(Tree tree, Path directory) {
        store.copy(tree, directory);
    }
}
