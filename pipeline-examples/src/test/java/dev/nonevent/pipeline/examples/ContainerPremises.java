package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.bluegreen.Premises;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.DockerHost;
import dev.nonevent.pipeline.docker.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The numbered service as containers of one image, which is told its release by a variable. What a container has printed is put
 * aside before it is removed.
 */
public final class ContainerPremises implements Premises {

    private static final String NONE = "-";

    private static final String SERVICE = """
            #!/bin/sh
            set -f
            CR=$(printf '\\r')
            while IFS= read -r line; do
              set -- ${line%$CR}
              method=$1 path=${2#/} length=0 body= status=200
              while IFS= read -r header; do
                header=${header%$CR}
                case $header in
                  '') break ;;
                  [Cc]ontent-[Ll]ength:*) length=${header##* } ;;
                esac
              done
              [ "$length" = 0 ] || read -r -n "$length" body
              text="${RELEASE%% *} $path"
              case $path in
                health) ;;
                smoke) case $RELEASE in *unfit*) status=503 ;; esac ;;
                release) text=${RELEASE%% *} ;;
                *) case $method$RELEASE in
                     POST*) echo "received $body" >&2 ;;
                     *failing*) status=500 ;;
                   esac ;;
              esac
              printf 'HTTP/1.1 %s As It Is\\r\\nContent-Length: %s\\r\\n\\r\\n%s' "$status" "${#text}" "$text"
            done
            """;

    private static final String DOCKERFILE = """
            FROM scratch
            COPY busybox /bin/busybox
            COPY busybox /bin/sh
            COPY service /service
            VOLUME /data
            ENTRYPOINT ["/bin/busybox", "nc", "-ll", "-p", "8080", "-e", "/service"]
            """;

    private final String image;
    private final Optional<URI> engine;
    private final DockerCommand docker;
    private final Optional<String> network;
    private final DockerHost host;
    /** Every volume that a container of it was seen with. */
    private final Set<String> volumes = new TreeSet<>();

    /** @param word the {@link #word} of others */
    public ContainerPremises(String word) {
        this(
                word.split(" ")[0],
                Optional.of(word.split(" ")[1])
                        .filter(each -> !each.equals(NONE))
                        .map(URI::create),
                Optional.of(word.split(" ")[2]).filter(each -> !each.equals(NONE)));
    }

    /**
     * @param engine empty: the machine's
     * @param network in which they are reached; empty: on ports of the machine
     */
    ContainerPremises(String image, Optional<URI> engine, Optional<String> network) {
        this.image = image;
        this.engine = engine;
        this.network = network;
        this.docker = engine.map(DockerCommand::of).orElseGet(DockerCommand::ofTheMachine);
        DockerHost published = DockerHost.port(8080);
        DockerHost usual = engine.map(published::engine).orElse(published);
        this.host = network.map(usual::privateNetwork).orElse(usual);
    }

    void makeNetwork(String subnet) throws IOException, InterruptedException {
        docker.run("network", "create", "--subnet", subnet, network.orElseThrow());
    }

    void buildImage(Path scratch) throws IOException, InterruptedException {
        Files.copy(DockerCommand.BUSYBOX, scratch.resolve("busybox"));
        Path service = Files.writeString(scratch.resolve("service"), SERVICE);
        if (!service.toFile().setExecutable(true)) {
            throw new IOException("the service cannot be made executable");
        }
        Files.writeString(scratch.resolve("Dockerfile"), DOCKERFILE + "LABEL dev.nonevent.test=" + image + "\n");
        docker.run("build", "-q", "-t", image, scratch.toString());
    }

    @Override
    public String word() {
        return image + " " + engine.map(URI::toString).orElse(NONE) + " " + network.orElse(NONE);
    }

    @Override
    public Blueprint prepare(String release, ArtifactStore store, Path home) {
        try {
            String id = docker.run("image", "inspect", "--format", "{{.Id}}", image);
            return host.env("RELEASE", release).prepare(new Image(image, id, Optional.empty()), store, home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean isOf(Blueprint blueprint, String release, Path home) {
        return release.equals(blueprint.settings().get("env.RELEASE"));
    }

    @Override
    public Instance start(String application, String deployment, Blueprint blueprint, Path home)
            throws InterruptedException {
        return host.start(application, deployment, blueprint, home);
    }

    @Override
    public boolean isRunning(Instance instance) {
        return host.isRunning(instance);
    }

    @Override
    public List<Instance> running(String application, Path home) {
        return host.running(application, home);
    }

    @Override
    public void stop(Instance instance, Duration grace) throws InterruptedException {
        if (host.isRunning(instance)) {
            putAside(container(instance));
        }
        host.stop(instance, grace);
    }

    @Override
    public void tidy(String application, Collection<Blueprint> needed, Path home) {
        host.tidy(application, needed, home);
    }

    @Override
    public List<String> lastLines(Instance instance, Path home, int lines) {
        return host.lastLines(instance, home, lines);
    }

    @Override
    public void crash(Instance instance) throws IOException, InterruptedException {
        docker.run("kill", container(instance));
        putAside(container(instance));
    }

    private static String container(Instance instance) {
        return instance.id().substring(0, instance.id().indexOf('@'));
    }

    /** Beside the image's name, so that every process on these premises finds it. */
    private Path aside() throws IOException {
        return Files.createDirectories(
                Path.of(System.getProperty("java.io.tmpdir"), image.replaceAll("[^a-z0-9]", "-") + "-printed"));
    }

    private void putAside(String container) throws InterruptedException {
        try {
            Path next = aside().resolve(container + ".next");
            Files.writeString(next, docker.run("logs", container));
            Files.move(next, aside().resolve(container), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Integer> posts(Path home) throws IOException, InterruptedException {
        Map<String, String> printed = new HashMap<>();
        try (Stream<Path> files = Files.list(aside())) {
            for (Path each : files.toList()) {
                printed.put(each.getFileName().toString(), Files.readString(each));
            }
        }
        for (String container : containers()) {
            printed.put(container, docker.run("logs", container));
        }
        return printed.values().stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("received "))
                .map(line -> Integer.valueOf(line.substring("received ".length())))
                .toList();
    }

    private List<String> containers() throws IOException, InterruptedException {
        return docker.run("ps", "-a", "-q", "--no-trunc", "--filter", "ancestor=" + image)
                .lines()
                .toList();
    }

    @Override
    public List<String> remains(String application, Path home) throws IOException, InterruptedException {
        List<String> deployments = new ArrayList<>();
        for (String container : containers()) {
            deployments.add(docker.run(
                    "inspect", "--format", "{{index .Config.Labels \"dev.nonevent.deployment\"}}", container));
            volumes.addAll(volumesOf(container));
        }
        return deployments;
    }

    private List<String> volumesOf(String container) throws IOException, InterruptedException {
        return docker.run("inspect", "--format", "{{range .Mounts}}{{println .Name}}{{end}}", container)
                .lines()
                .filter(name -> !name.isBlank())
                .toList();
    }

    /** All that was made of the image and the image itself, and what was put aside. */
    @Override
    public List<String> clear(String application, Path home) throws IOException, InterruptedException {
        for (String container : containers()) {
            docker.run("rm", "-f", "-v", container);
        }
        List<String> unexplained = new ArrayList<>();
        for (String volume : volumes) {
            if (docker.answers("volume", "inspect", volume)) {
                unexplained.add("volume " + volume);
                docker.run("volume", "rm", volume);
            }
        }
        String tags = docker.run("image", "inspect", "--format", "{{range .RepoTags}}{{println .}}{{end}}", image);
        for (String tag : tags.lines().filter(name -> !name.isBlank()).toList()) {
            if (!tag.startsWith(image) && !tag.startsWith("nonevent-keep/" + application + "-")) {
                unexplained.add("tag " + tag);
            }
            docker.run("rmi", tag);
        }
        if (network.isPresent()) {
            docker.run("network", "rm", network.get());
        }
        try (Stream<Path> files = Files.list(aside())) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(aside());
        return unexplained;
    }
}
