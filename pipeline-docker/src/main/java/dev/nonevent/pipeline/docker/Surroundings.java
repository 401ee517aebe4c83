package dev.nonevent.pipeline.docker;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What a command finds around it in its container. Changed only while it is declared: each change on a copy. */
final class Surroundings {

    final String image;
    Optional<URI> engine = Optional.empty();
    /** {@code uid:gid}; empty: whoever owns the workspace. */
    Optional<String> user = Optional.empty();

    String network = "bridge";
    OptionalLong memory = OptionalLong.empty();
    OptionalLong nanoCpus = OptionalLong.empty();
    long processes = 512;
    Duration grace = Duration.ofSeconds(10);
    boolean mayPull = true;
    /** Networks of services, by their ids; joined beside the one above. */
    final List<String> services = new ArrayList<>();

    final Map<String, String> environment = new TreeMap<>();
    final List<String> caches = new ArrayList<>();
    final List<HostMount> hostMounts = new ArrayList<>();

    Surroundings(String image) {
        this.image = image;
    }

    Surroundings copy() {
        Surroundings copy = new Surroundings(image);
        copy.engine = engine;
        copy.user = user;
        copy.network = network;
        copy.memory = memory;
        copy.nanoCpus = nanoCpus;
        copy.processes = processes;
        copy.grace = grace;
        copy.mayPull = mayPull;
        copy.services.addAll(services);
        copy.environment.putAll(environment);
        copy.caches.addAll(caches);
        copy.hostMounts.addAll(hostMounts);
        return copy;
    }
}
