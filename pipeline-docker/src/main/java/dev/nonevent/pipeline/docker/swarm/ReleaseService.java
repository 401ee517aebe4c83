package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.ContainerSpec;
import com.github.dockerjava.api.model.ContainerSpecPrivileges;
import com.github.dockerjava.api.model.DockerObjectAccessor;
import com.github.dockerjava.api.model.Driver;
import com.github.dockerjava.api.model.EndpointResolutionMode;
import com.github.dockerjava.api.model.EndpointSpec;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.NetworkAttachmentConfig;
import com.github.dockerjava.api.model.PortConfig;
import com.github.dockerjava.api.model.PortConfigProtocol;
import com.github.dockerjava.api.model.ResourceRequirements;
import com.github.dockerjava.api.model.ResourceSpecs;
import com.github.dockerjava.api.model.ServiceModeConfig;
import com.github.dockerjava.api.model.ServicePlacement;
import com.github.dockerjava.api.model.ServiceReplicatedModeOptions;
import com.github.dockerjava.api.model.ServiceRestartCondition;
import com.github.dockerjava.api.model.ServiceRestartPolicy;
import com.github.dockerjava.api.model.ServiceSpec;
import com.github.dockerjava.api.model.TaskSpec;
import com.github.dockerjava.api.model.TmpfsOptions;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.docker.instance.Declaration;
import dev.nonevent.pipeline.docker.instance.Mark;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the service of an instance is made: by the words of its blueprint alone, so that an old release is started again as it
 * was then.
 */
record ReleaseService(Declaration declared) {

    static final String REPLICAS = "replicas";
    static final String NETWORK = "network";
    static final String CONSTRAINT = "constraint.";
    static final String GRACE = "grace";

    private static final Duration BEFORE_ANOTHER = Duration.ofSeconds(1);
    private static final long TEMPORARY = 64L << 20;

    ReleaseService(Blueprint blueprint) {
        this(Declaration.of(blueprint));
    }

    int replicas() {
        return Integer.parseInt(declared.said(REPLICAS).orElse("1"));
    }

    /** Between being asked to end and being killed. */
    Duration grace() {
        return Duration.ofMillis(Long.parseLong(declared.said(GRACE).orElse("10000")));
    }

    /** What every node makes its container of: nobody asks a registry once more what a tag means. */
    String image() {
        return declared.pulledAs().orElse(declared.image());
    }

    /** @param published on each node that has a replica */
    ServiceSpec spec(String name, int published, Map<String, String> labels) {
        return new ServiceSpec()
                .withName(name)
                .withLabels(labels)
                .withMode(new ServiceModeConfig()
                        .withReplicated(new ServiceReplicatedModeOptions().withReplicas(replicas())))
                .withTaskTemplate(task(labels))
                .withEndpointSpec(new EndpointSpec()
                        // A virtual address would need IPVS in every node's kernel.
                        .withMode(EndpointResolutionMode.DNSRR)
                        .withPorts(List.of(new PortConfig()
                                .withProtocol(PortConfigProtocol.TCP)
                                .withPublishMode(PortConfig.PublishMode.host)
                                .withTargetPort(declared.port())
                                .withPublishedPort(published))));
    }

    private TaskSpec task(Map<String, String> labels) {
        TaskSpec task = new TaskSpec()
                .withContainerSpec(container(labels))
                .withResources(resources())
                .withPlacement(new ServicePlacement().withConstraints(constraints()))
                .withRestartPolicy(new ServiceRestartPolicy()
                        .withCondition(ServiceRestartCondition.ANY)
                        .withDelay(BEFORE_ANOTHER.toNanos()))
                .withLogDriver(new Driver().withName("json-file").withOptions(declared.logOptions()));
        declared.said(NETWORK)
                .ifPresent(network -> task.withNetworks(List.of(new NetworkAttachmentConfig().withTarget(network))));
        return task;
    }

    private ContainerSpec container(Map<String, String> labels) {
        Map<String, String> shown = new TreeMap<>(labels);
        // By its home a host of this one engine would take the container for its own.
        shown.remove(Mark.HOME);
        ContainerSpec container = new ContainerSpec()
                .withImage(image())
                .withLabels(shown)
                .withEnv(declared.environment())
                .withInit(true)
                .withReadOnly(declared.isReadOnly())
                .withStopGracePeriod(grace().toNanos())
                .withPrivileges(new ContainerSpecPrivileges());
        declared.user().ifPresent(container::withUser);
        if (declared.isReadOnly()) {
            container.withMounts(List.of(new Mount()
                    .withType(MountType.TMPFS)
                    .withTarget("/tmp")
                    .withTmpfsOptions(new TmpfsOptions().withSizeBytes(TEMPORARY))));
        }
        DockerObjectAccessor.overrideRawValue(container, "CapabilityDrop", List.of("ALL"));
        // Heeded from Docker 25 on.
        DockerObjectAccessor.overrideRawValue(container.getPrivileges(), "NoNewPrivileges", true);
        return container;
    }

    private ResourceRequirements resources() {
        ResourceSpecs most = new ResourceSpecs();
        ResourceSpecs kept = new ResourceSpecs();
        for (ResourceSpecs each : List.of(most, kept)) {
            declared.memory().ifPresent(each::withMemoryBytes);
            declared.nanoCpus().ifPresent(each::withNanoCPUs);
        }
        DockerObjectAccessor.overrideRawValue(most, "Pids", declared.processes());
        return new ResourceRequirements().withLimits(most).withReservations(kept);
    }

    private List<String> constraints() {
        return declared.settings().entrySet().stream()
                .filter(each -> each.getKey().startsWith(CONSTRAINT))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
    }
}
