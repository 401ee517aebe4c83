package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Containers and networks of processes that died before they could remove them. */
public final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final Engine engine;

    public Leftovers(Engine engine) {
        this.engine = engine;
    }

    /** Removes every container and network of a process that lived in the same place and is gone; anybody else's are not touched. */
    public void removeAll(Owner self) {
        List<Container> ours = engine.ask(
                "looking for containers left behind",
                docker -> docker.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(Map.of(Owner.PLACE, self.place()))
                        .exec());
        for (Container container : ours) {
            String process = container.getLabels().getOrDefault(Owner.PROCESS, "");
            if (self.isGone(process)) {
                remove(container.getId(), process);
            }
        }
        // After the containers that were on them.
        removeNetworks(self);
    }

    private void removeNetworks(Owner self) {
        List<Network> ours = engine.ask(
                "looking for networks left behind",
                docker -> docker.listNetworksCmd()
                        .withFilter("label", List.of(Owner.PLACE + "=" + self.place()))
                        .exec());
        for (Network network : ours) {
            String process = network.getLabels().getOrDefault(Owner.PROCESS, "");
            if (self.isGone(process)) {
                removeNetwork(network.getId(), process);
            }
        }
    }

    private void removeNetwork(String id, String process) {
        try {
            engine.tell(
                    "removing network " + id + " left behind",
                    docker -> docker.removeNetworkCmd(id).exec());
            LOG.info("removed network {} which process {} left behind", id, process);
        } catch (EngineRefusedException refused) {
            // As with containers; and one of them may still be on it, removed by somebody else at this moment.
            if (!refused.isNotFound() && !refused.isConflict()) {
                LOG.warn("network {} of the dead process {} stays: {}", id, process, refused.reason());
            }
        }
    }

    private void remove(String id, String process) {
        try {
            engine.tell(
                    "removing container " + id + " left behind",
                    docker -> docker.removeContainerCmd(id)
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
            LOG.info("removed container {} which process {} left behind", id, process);
        } catch (EngineRefusedException refused) {
            // Another process may be removing it at this moment; if not, the next command tries again.
            if (!refused.isNotFound() && !refused.isConflict()) {
                LOG.warn("container {} of the dead process {} stays: {}", id, process, refused.reason());
            }
        }
    }
}
