package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a scene has on the machine's Docker engine, found by the label that every image has which is made of its base, and every
 * container of such an image. Asked for and removed as a person would, with the docker command.
 */
final class SceneObjects {

    private static final Duration QUIET = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String label;
    private final TimeSource time = TimeSource.system();

    SceneObjects(String scene) {
        this.label = "dev.nonevent.scene=" + scene;
    }

    String label() {
        return label;
    }

    /** @throws InfrastructureException if no engine answers, with what the docker command says about it */
    void requireEngine() throws InterruptedException {
        Answer answer = docker("version", "--format", "{{.Server.Version}}");
        if (!answer.succeeded()) {
            throw new InfrastructureException("no Docker engine answers: " + answer.lastLine());
        }
    }

    /**
     * Containers and then images, until none is found twice in a row: an engine is not told that a build is cancelled, it
     * notices, and finishes the step it is at.
     */
    void removeAll() throws InterruptedException {
        long began = time.nanos();
        for (int quiet = 0; quiet < 2; time.sleep(QUIET)) {
            List<String> containers = ids("ps", "-aq");
            List<String> images = ids("images", "-aq");
            quiet = containers.isEmpty() && images.isEmpty() ? quiet + 1 : 0;
            // What cannot be removed yet is found again by the next look.
            remove(List.of("rm", "-f", "-v"), containers);
            remove(List.of("rmi", "-f"), images);
            if (time.nanos() - began > PATIENCE.toNanos()) {
                throw new InfrastructureException("still on the engine: containers " + containers + ", images " + images
                        + "; remove what has the label " + label);
            }
        }
    }

    private List<String> ids(String... words) throws InterruptedException {
        Answer answer = docker(Stream.concat(Stream.of(words), Stream.of("--no-trunc", "--filter", "label=" + label))
                .toArray(String[]::new));
        if (!answer.succeeded()) {
            throw new InfrastructureException("docker " + words[0] + " failed: " + answer.lastLine());
        }
        return answer.text()
                .lines()
                .filter(line -> line.matches("(sha256:)?[0-9a-f]{64}"))
                .distinct()
                .toList();
    }

    private static void remove(List<String> verb, List<String> ids) throws InterruptedException {
        if (!ids.isEmpty()) {
            docker(Stream.concat(verb.stream(), ids.stream()).toArray(String[]::new));
        }
    }

    private static Answer docker(String... words) throws InterruptedException {
        try {
            return Answer.of(
                    Stream.concat(Stream.of("docker"), Stream.of(words)).toArray(String[]::new));
        } catch (IOException missing) {
            throw new InfrastructureException("there is no docker command on this machine: install docker.io", missing);
        }
    }
}
