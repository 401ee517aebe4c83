package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.definition.Options;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.CommandFailedException;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceAddress;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.time.TimeSource;
import dev.nonevent.pipeline.work.Parameter;
import dev.nonevent.pipeline.work.StageContext;
import dev.nonevent.pipeline.work.Trigger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A stage's context, open as long as its code runs; afterwards every method refuses. */
final class OpenContext implements StageContext, AutoCloseable {

    private final Node node;
    private final Shared shared;
    private final Workspace workspace;
    private final StageSession session;
    private final StageServices services;
    private final StageLog log;
    private final SecretFolder secretFiles = new SecretFolder();
    private volatile boolean closed;

    OpenContext(
            Node node, Shared shared, Workspace workspace, StageSession session, StageServices services, StageLog log) {
        this.node = node;
        this.shared = shared;
        this.workspace = workspace;
        this.session = session;
        this.services = services;
        this.log = log;
    }

    @Override
    public void close() {
        closed = true;
        try {
            secretFiles.remove();
        } catch (IOException broken) {
            Aftermath.note(
                    "a file with a secret of " + stage() + " stays behind, delete it: " + broken, broken, shared);
        }
    }

    @Override
    public String stage() {
        return node.name();
    }

    @Override
    public Path workspace() {
        return open().workspace.directory();
    }

    @Override
    public CommandResult exec(String... argv) throws InterruptedException {
        CommandResult result = tryExec(argv);
        if (!result.succeeded()) {
            throw new CommandFailedException(result);
        }
        return result;
    }

    @Override
    public CommandResult tryExec(String... argv) throws InterruptedException {
        refuseSecretArguments(argv);
        Command command = new Command(
                Arrays.asList(argv),
                workspace(),
                environment(),
                Optional.empty(),
                options().secretEnvironment().keySet());
        log.line("$ " + command.line());
        CommandResult result = log.printing(output -> session.run(command, output));
        log.mustBeWhole();
        return result;
    }

    @Override
    public Artifact artifact(String glob) {
        List<Path> found = open().workspace.matching(glob);
        if (found.size() > 1) {
            throw new IllegalStateException(glob + " matches " + found.size() + " files, one was asked for: "
                    + found.stream().limit(5).map(this::relative).toList());
        }
        return audited().keep(found.get(0));
    }

    @Override
    public List<Artifact> artifacts(String glob) {
        return open().workspace.matching(glob).stream().map(audited()::keep).toList();
    }

    @Override
    public Tree tree(String directory) {
        return audited().keepTree(open().workspace.existing(directory));
    }

    @Override
    public Path place(Artifact artifact, String as) {
        Path file = open().workspace.free(as);
        shared.artifacts().copy(artifact, file);
        return file;
    }

    @Override
    public Path place(Tree tree, String as) {
        Path directory = open().workspace.free(as);
        shared.artifacts().copy(tree, directory);
        return directory;
    }

    @Override
    public <T> T value(Parameter<T> parameter) {
        return open().shared.inputs().value(parameter);
    }

    @Override
    public ServiceAddress address(Service service) {
        return open().services.address(service);
    }

    @Override
    public String reveal(Secret secret) {
        if (!open().options().secrets().contains(secret)) {
            throw new IllegalStateException("stage \"" + stage() + "\" was not given secret \"" + secret.name()
                    + "\": say .secret(…) where it is declared");
        }
        return shared.inputs().secret(secret);
    }

    @Override
    public Path secretFile(Secret secret) {
        String value = reveal(secret);
        CommandExecutor executor = options().executor().orElse(shared.executor());
        if (!executor.readsThisMachine()) {
            throw new IllegalStateException("stage \"" + stage() + "\": a command in " + executor.description()
                    + " cannot read a file of this machine: give it secret \"" + secret.name()
                    + "\" in a variable with .env(\"NAME\", secret)");
        }
        return secretFiles.file(secret, value);
    }

    @Override
    public String masked(String text) {
        return open().shared.redaction().text(text);
    }

    @Override
    public void log(String line) {
        open().log.line(line);
        log.mustBeWhole();
    }

    @Override
    public Trigger trigger() {
        return shared.inputs().trigger();
    }

    @Override
    public Path home() {
        return shared.folder().home();
    }

    @Override
    public ArtifactStore artifacts() {
        // A checkout is kept by this too: what stands in a repository was not put there by this run.
        return options().secrets().isEmpty() ? shared.artifacts() : audited();
    }

    @Override
    public TimeSource time() {
        return shared.time();
    }

    private ArtifactStore audited() {
        return new AuditedStore(shared.artifacts(), new LeakAudit(shared.redaction()));
    }

    /** Every process of the machine can read the arguments of every other. */
    private void refuseSecretArguments(String... argv) {
        for (String word : argv) {
            shared.redaction().valueIn(word).ifPresent(secret -> {
                throw new IllegalArgumentException("secret \"" + secret.name() + "\" is in the arguments of " + argv[0]
                        + ", which every process of the machine can read: give it in a variable with .env(\"NAME\", "
                        + "secret) where the stage is declared, or as a file with ctx.secretFile(secret)");
            });
        }
    }

    private OpenContext open() {
        if (closed) {
            throw new IllegalStateException("stage \"" + stage() + "\" is over: its context cannot be used any more");
        }
        return this;
    }

    private Options options() {
        return node.declaration.options();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(options().environment());
        options()
                .secretEnvironment()
                .forEach((name, secret) -> environment.put(name, shared.inputs().secret(secret)));
        options().serviceEnvironment().forEach((name, url) -> environment.put(name, url.at(address(url.service()))));
        return environment;
    }

    private Path relative(Path file) {
        return workspace.directory().relativize(file);
    }
}
