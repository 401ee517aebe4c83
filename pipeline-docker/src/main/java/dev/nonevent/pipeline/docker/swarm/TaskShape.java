package dev.nonevent.pipeline.docker.swarm;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** How a command's task is made, and where it may be. Changed only while it is declared: each change on a copy. */
final class TaskShape {

    final String image;
    Optional<URI> engine = Optional.empty();
    /** {@code uid:gid}; empty: whoever owns the workspace. */
    Optional<String> user = Optional.empty();

    Optional<String> network = Optional.empty();
    OptionalLong memory = OptionalLong.empty();
    OptionalLong nanoCpus = OptionalLong.empty();
    long processes = 512;
    boolean readOnly;
    boolean anywhere;
    boolean mayPull = true;
    Duration grace = Duration.ofSeconds(10);
    Duration placedWithin = Duration.ofMinutes(1);

    final List<String> constraints = new ArrayList<>();
    final Map<String, String> environment = new TreeMap<>();

    TaskShape(String image) {
        this.image = image;
    }

    TaskShape copy() {
        TaskShape copy = new TaskShape(image);
        copy.engine = engine;
        copy.user = user;
        copy.network = network;
        copy.memory = memory;
        copy.nanoCpus = nanoCpus;
        copy.processes = processes;
        copy.readOnly = readOnly;
        copy.anywhere = anywhere;
        copy.mayPull = mayPull;
        copy.grace = grace;
        copy.placedWithin = placedWithin;
        copy.constraints.addAll(constraints);
        copy.environment.putAll(environment);
        return copy;
    }
}
