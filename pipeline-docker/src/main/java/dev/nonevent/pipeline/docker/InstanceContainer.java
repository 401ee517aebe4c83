package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import com.github.dockerjava.api.model.RestartPolicy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How the container of an instance is made: by the words of its blueprint alone, so that an old release is started again as
 * it was then.
 */
record InstanceContainer(Map<String, String> settings) {

    static final String IMAGE = "image";
    static final String PULLED_AS = "pulled-as";
    static final String PORT = "port";
    static final String PUBLISHED_AT = "published-at";
    static final String NETWORK = "network";
    static final String REACHED_ON_IT = "reached-on-network";
    static final String MEMORY = "memory";
    static final String NANO_CPUS = "nano-cpus";
    static final String PROCESSES = "processes";
    static final String READ_ONLY = "read-only";
    static final String USER = "user";
    static final String LOG_SIZE = "log.size";
    static final String LOG_FILES = "log.files";
    static final String VARIABLE = "env.";

    String image() {
        return settings.getOrDefault(IMAGE, "");
    }

    /** The machine's own address, on which it can be reached. */
    String publishedAt() {
        return settings.getOrDefault(PUBLISHED_AT, "127.0.0.1");
    }

    /** Whether it has an address of its own in its network, and none of the machine's. */
    boolean isReachedOnNetwork() {
        return settings.containsKey(REACHED_ON_IT);
    }

    String network() {
        return settings.getOrDefault(NETWORK, "bridge");
    }

    /** On which it listens inside. */
    int port() {
        return Integer.parseInt(settings.getOrDefault(PORT, "80"));
    }

    CreateContainerCmd configured(CreateContainerCmd creation, URI address, Map<String, String> labels) {
        ExposedPort inside = ExposedPort.tcp(port());
        HostConfig limits = limits();
        CreateContainerCmd configured = creation.withLabels(labels)
                .withEnv(environment())
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
        said(USER, configured::withUser);
        return configured;
    }

    private List<String> environment() {
        return settings.entrySet().stream()
                .filter(each -> each.getKey().startsWith(VARIABLE))
                .map(each -> each.getKey().substring(VARIABLE.length()) + "=" + each.getValue())
                .sorted()
                .toList();
    }

    private HostConfig limits() {
        HostConfig limits = HostConfig.newHostConfig()
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withInit(true)
                // With unless-stopped, an engine that was killed leaves what it ends at its next start.
                .withRestartPolicy(RestartPolicy.alwaysRestart())
                .withNetworkMode(network())
                .withPidsLimit(Long.valueOf(settings.getOrDefault(PROCESSES, "512")))
                .withLogConfig(new LogConfig(
                        LogConfig.LoggingType.JSON_FILE,
                        Map.of(
                                "max-size",
                                settings.getOrDefault(LOG_SIZE, "10") + "m",
                                "max-file",
                                settings.getOrDefault(LOG_FILES, "3"))));
        said(MEMORY, bytes -> limits.withMemory(Long.valueOf(bytes)).withMemorySwap(Long.valueOf(bytes)));
        said(NANO_CPUS, share -> limits.withNanoCPUs(Long.valueOf(share)));
        said(READ_ONLY, yes -> limits.withReadonlyRootfs(true).withTmpFs(Map.of("/tmp", "rw,noexec,nosuid,size=64m")));
        return limits;
    }

    private void said(String name, Consumer<String> then) {
        String value = settings.get(name);
        if (value != null) {
            then.accept(value);
        }
    }
}
