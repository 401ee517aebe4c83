package dev.nonevent.pipeline.docker.engine;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.Map;

/** A network of the engine's, by its id, on which containers find each other by name. */
public final class RunNetwork {

    private final String id;

    private RunNetwork(String id) {
        this.id = id;
    }

    /** @param name for people who look at the engine; the engine itself goes by the id */
    public static RunNetwork create(Engine engine, String name, Map<String, String> labels) {
        try {
            String id = engine.ask(
                            "creating network " + name,
                            docker -> docker.createNetworkCmd()
                                    .withName(name)
                                    .withDriver("bridge")
                                    .withLabels(labels)
                                    .exec())
                    .getId();
            return new RunNetwork(id);
        } catch (EngineRefusedException refused) {
            throw refused.reason().contains("address pool") || refused.reason().contains("subnetted")
                    ? new InfrastructureException(
                            "the Docker engine at " + engine.address() + " has no addresses left for a network of this"
                                    + " run's services (" + refused.reason()
                                    + "): remove networks nobody uses, or add default-address-pools to its daemon.json",
                            refused)
                    : refused;
        }
    }

    public String id() {
        return id;
    }

    /** Lets a container reach the others on it, beside the networks it has. */
    public static void connect(Engine engine, String network, String container) {
        engine.tell(
                "connecting container " + container + " to network " + network,
                docker -> docker.connectToNetworkCmd()
                        .withNetworkId(network)
                        .withContainerId(container)
                        .exec());
    }

    /**
     * @param engine a connection to the engine it is on; the one it was made with may be closed
     * @throws InfrastructureException if it stays, saying how to remove it by hand
     */
    public void remove(Engine engine) {
        try {
            engine.tell(
                    "removing network " + id,
                    docker -> docker.removeNetworkCmd(id).exec());
        } catch (EngineRefusedException refused) {
            if (!refused.isNotFound()) {
                throw left(refused);
            }
        } catch (InfrastructureException e) {
            throw left(e);
        }
    }

    private InfrastructureException left(InfrastructureException why) {
        String shortId = id.substring(0, Math.min(12, id.length()));
        return new InfrastructureException(
                "network " + shortId + " is still there, remove it with docker network rm " + shortId + ": "
                        + why.getMessage(),
                why);
    }
}
