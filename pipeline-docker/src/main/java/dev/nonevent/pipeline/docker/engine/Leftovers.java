package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.model.Container;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Containers of processes that died before they could remove them. */
public final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final Engine engine;

    public Leftovers(Engine engine) {
        this.engine = engine;
    }

    /** Removes every container of a process that lived in the same place and is gone; anybody else's are not touched. */
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
