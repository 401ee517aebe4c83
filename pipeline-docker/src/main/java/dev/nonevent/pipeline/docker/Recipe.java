package dev.nonevent.pipeline.docker;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** How a service's container is made, and when it is ready. Changed only while it is declared: each change on a copy. */
final class Recipe {

    final String image;
    String name;
    Optional<URI> engine = Optional.empty();
    OptionalLong memory = OptionalLong.empty();
    OptionalLong nanoCpus = OptionalLong.empty();
    long processes = 512;
    boolean mayPull = true;
    Duration within = Duration.ofSeconds(60);
    Optional<Readiness> readiness = Optional.empty();
    List<String> command = List.of();
    final Map<String, String> environment = new TreeMap<>();
    final List<Integer> ports = new ArrayList<>();
    final List<String> temporary = new ArrayList<>();

    Recipe(String image, String name) {
        this.image = image;
        this.name = name;
    }

    Recipe copy() {
        Recipe copy = new Recipe(image, name);
        copy.engine = engine;
        copy.memory = memory;
        copy.nanoCpus = nanoCpus;
        copy.processes = processes;
        copy.mayPull = mayPull;
        copy.within = within;
        copy.readiness = readiness;
        copy.command = command;
        copy.environment.putAll(environment);
        copy.ports.addAll(ports);
        copy.temporary.addAll(temporary);
        return copy;
    }

    /** Why it is in no state to be started, for a plan. */
    Optional<String> problem() {
        return readiness
                .flatMap(Readiness::port)
                .filter(port -> !ports.contains(port))
                .map(port -> "is ready when port " + port + " answers, which is not declared: add port(" + port + ")");
    }
}
