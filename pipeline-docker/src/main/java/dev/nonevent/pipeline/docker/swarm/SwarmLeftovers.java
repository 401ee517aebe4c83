package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Secret;
import com.github.dockerjava.api.model.Service;
import com.github.dockerjava.api.model.ServiceSpec;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.Owner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Services and secrets of commands whose process died before it could remove them. */
final class SwarmLeftovers {

    private static final Logger LOG = LoggerFactory.getLogger(SwarmLeftovers.class);

    private final Engine engine;

    SwarmLeftovers(Engine engine) {
        this.engine = engine;
    }

    /** Removes those of a process that lived in the same place and is gone; anybody else's are not touched. */
    void removeAll(Owner self) {
        Map<String, String> ours = Map.of(Owner.PLACE, self.place());
        List<Service> services = engine.ask(
                "looking for services left behind",
                docker -> docker.listServicesCmd().withLabelFilter(ours).exec());
        for (Service each : services) {
            String process = processOf(each.getSpec());
            if (self.isGone(process)) {
                remove(
                        "service " + each.getId(),
                        process,
                        docker -> docker.removeServiceCmd(each.getId()).exec());
            }
        }
        // After the services that used them.
        List<Secret> secrets = engine.ask(
                "looking for secrets left behind",
                docker -> docker.listSecretsCmd().withLabelFilter(ours).exec());
        for (Secret each : secrets) {
            String process = processOf(each.getSpec());
            if (self.isGone(process)) {
                remove(
                        "secret " + each.getId(),
                        process,
                        docker -> docker.removeSecretCmd(each.getId()).exec());
            }
        }
    }

    private static String processOf(@Nullable ServiceSpec spec) {
        return Optional.ofNullable(spec)
                .map(ServiceSpec::getLabels)
                .map(labels -> labels.get(Owner.PROCESS))
                .orElse("");
    }

    private void remove(String what, String process, Consumer<DockerClient> removal) {
        try {
            engine.tell("removing " + what + " left behind", removal);
            LOG.info("removed {} which process {} left behind", what, process);
        } catch (EngineRefusedException refused) {
            // Another process may have removed it at this moment; if not, the next command tries again.
            if (!refused.isNotFound()) {
                LOG.warn("{} of the dead process {} stays: {}", what, process, refused.reason());
            }
        }
    }
}
