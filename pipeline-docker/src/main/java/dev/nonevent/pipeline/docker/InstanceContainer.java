package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import com.github.dockerjava.api.model.RestartPolicy;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.docker.instance.Declaration;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * How the container of an instance is made: by the words of its blueprint alone, so that an old release is started again as
 * it was then.
 */
record InstanceContainer(Declaration declared) {

    static final String PUBLISHED_AT = "published-at";
    static final String NETWORK = "network";
    static final String REACHED_ON_IT = "reached-on-network";

    static final String REPLICAS = "replicas";

    InstanceContainer(Blueprint blueprint) {
        this(Declaration.of(blueprint));
    }

    /** The machine's own address, on which it can be reached. */
    String publishedAt() {
        return declared.said(PUBLISHED_AT).orElse("127.0.0.1");
    }

    /** Whether it has an address of its own in its network, and none of the machine's. */
    boolean isReachedOnNetwork() {
        return declared.said(REACHED_ON_IT).isPresent();
    }

    /** How many of them make an instance. */
    int replicas() {
        return Integer.parseInt(declared.said(REPLICAS).orElse("1"));
    }

    String network() {
        return declared.said(NETWORK).orElse("bridge");
    }

    CreateContainerCmd configured(CreateContainerCmd creation, URI address, Map<String, String> labels) {
        ExposedPort inside = ExposedPort.tcp(declared.port());
        HostConfig limits = limits();
        CreateContainerCmd configured = creation.withLabels(labels)
                .withEnv(declared.environment())
                .withExposedPorts(inside)
                .withAttachStdin(false)
                .withTty(false)
                .withHostConfig(limits);
        if (isReachedOnNetwork()) {
            configured.withIpv4Address(address.getHost());
        } else {
            limits.withPortBindings(
                    new PortBinding(Binding.bindIpAndPort(address.getHost(), address.getPort()), inside));
        }
        declared.user().ifPresent(configured::withUser);
        return configured;
    }

    private HostConfig limits() {
        HostConfig limits = HostConfig.newHostConfig()
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withInit(true)
                // With unless-stopped, an engine that was killed leaves what it ends at its next start.
                .withRestartPolicy(RestartPolicy.alwaysRestart())
                .withNetworkMode(network())
                .withPidsLimit(declared.processes())
                .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE, declared.logOptions()));
        declared.memory().ifPresent(bytes -> limits.withMemory(bytes).withMemorySwap(bytes));
        declared.nanoCpus().ifPresent(limits::withNanoCPUs);
        if (declared.isReadOnly()) {
            limits.withReadonlyRootfs(true).withTmpFs(Map.of("/tmp", "rw,noexec,nosuid,size=64m"));
        }
        return limits;
    }
}
