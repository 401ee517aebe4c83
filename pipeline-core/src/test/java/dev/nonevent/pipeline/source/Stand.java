package dev.nonevent.pipeline.source;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceAddress;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.time.TimeSource;
import dev.nonevent.pipeline.work.Parameter;
import dev.nonevent.pipeline.work.StageContext;
import dev.nonevent.pipeline.work.Trigger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A stage that only a source stands in: a workspace, a home, a trigger; trees are kept where they were written. */
final class Stand implements StageContext, ArtifactStore {

    private final Path workspace;
    private final Path home;
    private final Trigger trigger;
    final List<String> log = new ArrayList<>();

    Stand(Path home, Trigger trigger) throws IOException {
        this.workspace = Files.createTempDirectory(Files.createDirectories(home.resolve("work")), "stage");
        this.home = home;
        this.trigger = trigger;
    }

    @Override
    public Tree keepTree(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            int count = (int) files.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .count();
            return new Tree(directory, "0".repeat(64), count);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Override
    public String stage() {
        return "checkout";
    }

    @Override
    public Path workspace() {
        return workspace;
    }

    @Override
    public void log(String line) {
        log.add(line);
    }

    @Override
    public Trigger trigger() {
        return trigger;
    }

    @Override
    public Path home() {
        return home;
    }

    @Override
    public ArtifactStore artifacts() {
        return this;
    }

    @Override
    public TimeSource time() {
        return TimeSource.system();
    }

    @Override
    public CommandResult exec(String... argv) {
        throw new AssertionError("a source runs no command");
    }

    @Override
    public CommandResult tryExec(String... argv) {
        throw new AssertionError("a source runs no command");
    }

    @Override
    public Artifact artifact(String glob) {
        throw new AssertionError();
    }

    @Override
    public List<Artifact> artifacts(String glob) {
        throw new AssertionError();
    }

    @Override
    public Tree tree(String directory) {
        throw new AssertionError();
    }

    @Override
    public Path place(Artifact artifact, String as) {
        throw new AssertionError();
    }

    @Override
    public Path place(Tree tree, String as) {
        throw new AssertionError();
    }

    @Override
    public <T> T value(Parameter<T> parameter) {
        throw new AssertionError();
    }

    @Override
    public ServiceAddress address(Service service) {
        throw new AssertionError();
    }

    @Override
    public String reveal(Secret secret) {
        throw new AssertionError();
    }

    @Override
    public Artifact keep(Path file) {
        throw new AssertionError();
    }

    @Override
    public Optional<Artifact> find(String sha256) {
        throw new AssertionError();
    }

    @Override
    public void copy(Artifact artifact, Path file) {
        throw new AssertionError();
    }

    @Override
    public void copy(Tree tree, Path directory) {
        throw new AssertionError();
    }
}
