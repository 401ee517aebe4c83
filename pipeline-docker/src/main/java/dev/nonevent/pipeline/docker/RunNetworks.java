package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.RunNetwork;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * The one network of a run's services on each engine: made with the first of them, removed with the last. Safe for use by
 * several threads; who comes while it is made waits for it.
 */
final class RunNetworks {

    // Guarded by this.
    private final Map<URI, Members> networks = new HashMap<>();

    private static final class Members {

        final RunNetwork network;
        int count;

        Members(RunNetwork network) {
            this.network = network;
        }
    }

    /** @return the id of the network, on which there is one more now */
    synchronized String join(Engine engine, String run, Map<String, String> labels) {
        Members members = networks.computeIfAbsent(
                engine.address(), none -> new Members(RunNetwork.create(engine, "nonevent-" + run, labels)));
        members.count++;
        return members.network.id();
    }

    /**
     * @param engine the connection of the one who leaves
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if it was the last and the network stays
     */
    synchronized void leave(Engine engine) {
        Members members = networks.get(engine.address());
        if (members != null && --members.count == 0) {
            networks.remove(engine.address());
            members.network.remove(engine);
        }
    }
}
