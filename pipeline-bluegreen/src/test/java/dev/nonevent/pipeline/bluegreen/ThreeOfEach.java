package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A host of releases that are three servers each, in this JVM, and answer with their name: {@code v1-1}. An artifact is a name.
 * Those in {@link #sick} are not healthy.
 */
final class ThreeOfEach implements Host<String>, AutoCloseable {

    /** Such as {@code v2-3}. */
    final Set<String> sick = ConcurrentHashMap.newKeySet();

    private final Map<String, List<Replica>> running = new LinkedHashMap<>();

    private record Replica(String name, RawInstance server) {

        URI address() {
            return server.target("any").address();
        }
    }

    /** As a container that nobody starts again. */
    synchronized void end(String name) {
        for (List<Replica> replicas : running.values()) {
            replicas.stream().filter(each -> each.name.equals(name)).forEach(ThreeOfEach::end);
            replicas.removeIf(each -> each.name.equals(name));
        }
    }

    /** The names of all that run. */
    synchronized List<String> names() {
        return running.values().stream()
                .flatMap(List::stream)
                .map(Replica::name)
                .toList();
    }

    @Override
    public int addresses() {
        return 3;
    }

    @Override
    public Blueprint prepare(String artifact, ArtifactStore store, Path home) {
        return new Blueprint("sha256:" + artifact, Map.of("artifact", artifact));
    }

    @Override
    public synchronized Instance start(String application, String deployment, Blueprint blueprint, Path home) {
        String artifact = blueprint.settings().getOrDefault("artifact", "");
        List<Replica> replicas = running.computeIfAbsent(
                deployment,
                name -> IntStream.rangeClosed(1, 3)
                        .mapToObj(number -> replica(artifact + "-" + number))
                        .collect(Collectors.toCollection(ArrayList::new)));
        return instance(deployment, replicas);
    }

    private Replica replica(String name) {
        try {
            return new Replica(name, new RawInstance(line -> {
                while (true) {
                    boolean asked = line.read().firstLine().contains("/health");
                    if (asked && sick.contains(name)) {
                        line.say("HTTP/1.1 503 Sick\r\nContent-Length: 0\r\n\r\n");
                    } else {
                        line.answer(name);
                    }
                }
            }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instance instance(String deployment, List<Replica> replicas) {
        List<URI> addresses = replicas.stream().map(Replica::address).toList();
        String id = addresses.stream().map(each -> each.getPort() + "@1").collect(Collectors.joining(","));
        return new Instance(id, deployment, addresses.get(0), addresses.subList(1, addresses.size()));
    }

    @Override
    public synchronized boolean isRunning(Instance instance) {
        List<URI> alive = running.getOrDefault(instance.deployment(), List.of()).stream()
                .map(Replica::address)
                .toList();
        return alive.containsAll(instance.addresses());
    }

    @Override
    public synchronized List<Instance> running(String application, Path home) {
        return running.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> instance(each.getKey(), each.getValue()))
                .toList();
    }

    @Override
    public synchronized void stop(Instance instance, Duration grace) {
        List<Replica> replicas = running.remove(instance.deployment());
        if (replicas != null) {
            replicas.forEach(ThreeOfEach::end);
        }
    }

    private static void end(Replica replica) {
        try {
            replica.server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> lastLines(Instance instance, Path home, int lines) {
        return List.of();
    }

    @Override
    public synchronized void close() {
        running.values().forEach(replicas -> replicas.forEach(ThreeOfEach::end));
        running.clear();
    }

    @Override
    public String toString() {
        return "three of each";
    }
}
