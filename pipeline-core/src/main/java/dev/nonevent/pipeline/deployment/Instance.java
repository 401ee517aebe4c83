package dev.nonevent.pipeline.deployment;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/**
 * One running copy, and this one only: never a colour, never a port that something else may have taken over. On a host that
 * starts several replicas of a release, all of them together: they are started, proven, given traffic and stopped as one.
 *
 * @param id identity that is never reused: for a process its pid and start time; of several replicas, of all of them
 * @param deployment the deployment it was started for
 * @param address where it answers, private to the machine
 * @param alsoAt where its other replicas answer, if it has some
 */
public record Instance(String id, String deployment, URI address, List<URI> alsoAt) {

    /** How many replicas one can have at most. */
    public static final int MOST_REPLICAS = 64;

    public Instance {
        alsoAt = List.copyOf(alsoAt);
    }

    public Instance(String id, String deployment, URI address) {
        this(id, deployment, address, List.of());
    }

    /** Of all of its replicas, one at least. */
    public List<URI> addresses() {
        return Stream.concat(Stream.of(address), alsoAt.stream()).toList();
    }
}
