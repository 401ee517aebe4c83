package dev.nonevent.pipeline.deployment;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.executor.ProcessTree;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Runs releases as processes of this machine, each on a port of its own on the loopback address.
 *
 * <pre>{@code
 * LocalProcesses.localProcesses((jar, port) -> List.of("java", "-jar", jar.toString(), "--port", "" + port))
 * }</pre>
 *
 * <p>A process outlives the JVM that started it and a Ctrl-C in its terminal; it is found again by a mark in its
 * environment, which Linux shows in {@code /proc}. It gets PATH, HOME, LANG and TZ of this JVM and what
 * {@link #env} says, runs in a directory of its own under {@code instances/<application>} of the home, and what it prints
 * is in {@code output.log} there. Immutable; safe for use by several threads.
 */
public final class LocalProcesses implements Host<Artifact> {

    /** A process that cannot have its port says so at once; whatever fails later is the health check's business. */
    private static final Duration FIRST_BREATH = Duration.ofMillis(250);

    private static final int ATTEMPTS = 5;

    private final Launch launch;
    private final Map<String, String> environment;
    private final Ports ports;

    private LocalProcesses(Launch launch, Map<String, String> environment, Ports ports) {
        this.launch = launch;
        this.environment = environment;
        this.ports = ports;
    }

    /** @param launch the command line of a release */
    public static LocalProcesses localProcesses(Launch launch) {
        return new LocalProcesses(launch, Map.of(), Ports.any());
    }

    /** No secrets: what is said here is kept as text, and a different value is a different release. */
    public LocalProcesses env(String name, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(name, value);
        return new LocalProcesses(launch, more, ports);
    }

    /** Takes the first free port from here to there, both included; any free one if not said. */
    public LocalProcesses ports(int from, int to) {
        return new LocalProcesses(launch, environment, Ports.between(from, to));
    }

    @Override
    public Blueprint prepare(Artifact artifact, ArtifactStore store, Path home) {
        Path pinned = InstanceFolder.pin(artifact, store, home);
        Map<String, String> settings = LaunchText.of(launch, pinned);
        environment.forEach((name, value) -> settings.put("env." + name, value));
        return new Blueprint(artifact.digest(), settings);
    }

    @Override
    public Instance start(String application, String deployment, Blueprint blueprint, Path home)
            throws InterruptedException {
        Optional<Instance> running = adopted(application, deployment, blueprint, home);
        if (running.isPresent()) {
            return running.get();
        }
        InstanceFolder folder = new InstanceFolder(home, application, deployment);
        for (int attempt = 1; ; attempt++) {
            int port = ports.free();
            ProcessTree tree = launch(folder, blueprint, port);
            boolean ended = tree.waitFor(FIRST_BREATH);
            if (!ended || Ports.isFree(port)) {
                return instance(tree.identity(), deployment, port);
            } else if (attempt == ATTEMPTS) {
                throw new InfrastructureException("port " + port + " was taken by somebody else before " + deployment
                        + " could listen on it, " + ATTEMPTS + " times; its last words: " + folder.lastLines(3));
            }
        }
    }

    private static Optional<Instance> adopted(String application, String deployment, Blueprint blueprint, Path home) {
        Optional<ProcessTree> running = Marked.processes(InstanceFolder.mark(home, application)).stream()
                .filter(root -> InstanceFolder.deploymentOf(root.marker()).equals(deployment))
                .findFirst();
        if (running.filter(root -> !InstanceFolder.isOf(root.marker(), blueprint))
                .isPresent()) {
            throw new InfrastructureException("something else runs as " + deployment + " (pid "
                    + running.get().pid()
                    + "), perhaps from a ledger that was thrown away; end it before the next try");
        }
        return running.map(LocalProcesses::instance);
    }

    private static ProcessTree launch(InstanceFolder folder, Blueprint blueprint, int port) {
        Map<String, String> variables = new HashMap<>();
        for (String name : List.of("PATH", "HOME", "LANG", "TZ")) {
            String value = System.getenv(name);
            if (value != null) {
                variables.put(name, value);
            }
        }
        blueprint.settings().forEach((name, value) -> {
            if (name.startsWith("env.")) {
                variables.put(name.substring("env.".length()), value);
            }
        });
        try {
            Files.createDirectories(folder.directory());
        } catch (IOException e) {
            throw new InfrastructureException("the directory " + folder.directory() + " cannot be made: " + e, e);
        }
        return ProcessTree.start(
                LaunchText.argv(blueprint.settings(), port),
                folder.directory(),
                variables,
                folder.output(),
                folder.mark(blueprint, port));
    }

    @Override
    public boolean isRunning(Instance instance) {
        return tree(instance).isPresent();
    }

    @Override
    public List<Instance> running(String application, Path home) {
        return Marked.processes(InstanceFolder.mark(home, application)).stream()
                .map(LocalProcesses::instance)
                .toList();
    }

    @Override
    public void stop(Instance instance, Duration grace) throws InterruptedException {
        Optional<ProcessTree> tree = tree(instance);
        if (tree.isPresent()) {
            List<ProcessTree.Member> left = tree.get().stop(grace);
            if (!left.isEmpty()) {
                throw new InfrastructureException(
                        instance.deployment() + " could not be stopped: " + left + " is still alive; end it by hand");
            }
        }
    }

    @Override
    public List<String> lastLines(Instance instance, Path home, int lines) {
        return folder(instance, home).lastLines(lines);
    }

    @Override
    public Optional<Path> directory(Instance instance, Path home) {
        return Optional.of(folder(instance, home).directory());
    }

    private static InstanceFolder folder(Instance instance, Path home) {
        String deployment = instance.deployment();
        String application = deployment.substring(0, Math.max(0, deployment.lastIndexOf('-')));
        return new InstanceFolder(home, application, deployment);
    }

    @Override
    public String toString() {
        return "local processes";
    }

    /** An identity that is not of a process belongs to another host, and nothing of it runs here. */
    private static Optional<ProcessTree> tree(Instance instance) {
        return instance.id().matches("\\d+@.+") ? ProcessTree.find(instance.id()) : Optional.empty();
    }

    private static Instance instance(ProcessTree root) {
        return instance(
                root.identity(), InstanceFolder.deploymentOf(root.marker()), InstanceFolder.portOf(root.marker()));
    }

    private static Instance instance(String identity, String deployment, int port) {
        return new Instance(identity, deployment, URI.create("http://127.0.0.1:" + port));
    }
}
