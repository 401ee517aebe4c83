package dev.nonevent.pipeline.docker;

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
import java.nio.file.Path;
import java.util.List;

/** A stage that can do nothing but log: all an image build asks of it. */
class LoggingStage implements StageContext {

    private final List<String> log;

    LoggingStage(List<String> log) {
        this.log = log;
    }

    @Override
    public void log(String line) {
        log.add(line);
    }

    @Override
    public TimeSource time() {
        return TimeSource.system();
    }

    @Override
    public String stage() {
        return "image";
    }

    @Override
    public Path workspace() {
        throw notHere();
    }

    @Override
    public CommandResult exec(String... argv) {
        throw notHere();
    }

    @Override
    public CommandResult tryExec(String... argv) {
        throw notHere();
    }

    @Override
    public Artifact artifact(String glob) {
        throw notHere();
    }

    @Override
    public List<Artifact> artifacts(String glob) {
        throw notHere();
    }

    @Override
    public Tree tree(String directory) {
        throw notHere();
    }

    @Override
    public Path place(Artifact artifact, String as) {
        throw notHere();
    }

    @Override
    public Path place(Tree tree, String as) {
        throw notHere();
    }

    @Override
    public <T> T value(Parameter<T> parameter) {
        throw notHere();
    }

    @Override
    public ServiceAddress address(Service service) {
        throw notHere();
    }

    @Override
    public String reveal(Secret secret) {
        throw notHere();
    }

    @Override
    public Trigger trigger() {
        throw notHere();
    }

    @Override
    public Path home() {
        throw notHere();
    }

    @Override
    public ArtifactStore artifacts() {
        throw notHere();
    }

    private static UnsupportedOperationException notHere() {
        return new UnsupportedOperationException("an image build only logs");
    }
}
