package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dev.nonevent.pipeline.docker.engine.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How the container of a service is made: what it may, and what it finds inside. */
final class ServiceCreation {

    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(1);
    private static final int AS_OFTEN_AS_IT_TAKES = 100_000;

    /** What an image needs that begins as root, gives its directories to its user and becomes that user. No more. */
    private static final Capability[] TO_BECOME_ITS_USER = {
        Capability.CHOWN, Capability.DAC_OVERRIDE, Capability.FOWNER, Capability.SETGID, Capability.SETUID
    };

    private final Engine engine;
    private final Recipe recipe;
    private final Map<String, String> labels;

    ServiceCreation(Engine engine, Recipe recipe, Map<String, String> labels) {
        this.engine = engine;
        this.recipe = recipe;
        this.labels = labels;
    }

    /** @return the id of a container that is not started yet, and is there only if this returns */
    String on(String network) {
        return engine.ask(
                        "creating service " + recipe.name + " of " + recipe.image,
                        docker -> configured(docker.createContainerCmd(recipe.image), network)
                                .exec())
                .getId();
    }

    private CreateContainerCmd configured(CreateContainerCmd creation, String network) {
        if (!recipe.command.isEmpty()) {
            creation.withCmd(recipe.command);
        }
        checks(creation);
        return creation.withHostName(recipe.name)
                .withAliases(recipe.name)
                .withEnv(recipe.environment.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toList())
                .withLabels(labels)
                .withExposedPorts(recipe.ports.stream().map(ExposedPort::tcp).toList())
                .withAttachStdin(false)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .withTty(false)
                .withHostConfig(limits(network));
    }

    /** The engine's own checks, asked often while somebody waits; they cannot be made rarer afterwards. */
    private void checks(CreateContainerCmd creation) {
        HealthCheck often =
                new HealthCheck().withInterval(BETWEEN_CHECKS.toNanos()).withStartPeriod(recipe.within.toNanos());
        if (recipe.readiness.isEmpty()) {
            // Without a test of its own it is the image's, if that has one.
            creation.withHealthcheck(often);
        } else if (recipe.readiness.get() instanceof Readiness.Healthy healthy) {
            List<String> test = new ArrayList<>(List.of("CMD"));
            test.addAll(healthy.argv());
            creation.withHealthcheck(often.withTest(test).withRetries(AS_OFTEN_AS_IT_TAKES));
        }
    }

    private HostConfig limits(String network) {
        HostConfig limits = HostConfig.newHostConfig()
                .withCapDrop(Capability.ALL)
                .withCapAdd(TO_BECOME_ITS_USER)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withPidsLimit(recipe.processes)
                .withNetworkMode(network)
                // What it prints is taken while it is written; nobody reads it a second time.
                .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
                .withPortBindings(recipe.ports.stream()
                        .map(port -> new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(port)))
                        .toList())
                .withTmpFs(recipe.temporary.stream().collect(Collectors.toMap(path -> path, path -> "rw")));
        recipe.memory.ifPresent(bytes -> limits.withMemory(bytes).withMemorySwap(bytes));
        recipe.nanoCpus.ifPresent(limits::withNanoCPUs);
        return limits;
    }
}
