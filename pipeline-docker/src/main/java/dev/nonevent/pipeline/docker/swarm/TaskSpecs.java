package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.ContainerSpec;
import com.github.dockerjava.api.model.ContainerSpecFile;
import com.github.dockerjava.api.model.ContainerSpecPrivileges;
import com.github.dockerjava.api.model.ContainerSpecSecret;
import com.github.dockerjava.api.model.DockerObjectAccessor;
import com.github.dockerjava.api.model.Driver;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.NetworkAttachmentConfig;
import com.github.dockerjava.api.model.ResourceRequirements;
import com.github.dockerjava.api.model.ResourceSpecs;
import com.github.dockerjava.api.model.ServicePlacement;
import com.github.dockerjava.api.model.ServiceRestartCondition;
import com.github.dockerjava.api.model.ServiceRestartPolicy;
import com.github.dockerjava.api.model.TaskSpec;
import com.github.dockerjava.api.model.TmpfsOptions;
import dev.nonevent.pipeline.docker.inside.ShellWords;
import dev.nonevent.pipeline.docker.inside.Workspace;
import dev.nonevent.pipeline.executor.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How a command's task is made: where it may be, what it may, and what it finds inside. */
final class TaskSpecs {

    private static final String HOME = "/home/nonevent";
    /** Below the directory in which Swarm shows secrets. */
    private static final String VARIABLES = "nonevent-variables";
    /** All of the output is read again at the end, and so must still be there: an engine's own limits may be lower. */
    private static final Map<String, String> WHOLE_LOG =
            Map.of("max-size", "1000t", "max-file", "1", "compress", "false");

    private final TaskShape shape;
    private final String image;
    private final Workspace workspace;
    private final String node;

    /**
     * @param image by id or digest: all tasks of one run are of the same
     * @param node the only one that is certain to have the workspace
     */
    TaskSpecs(TaskShape shape, String image, Workspace workspace, String node) {
        this.shape = shape;
        this.image = image;
        this.workspace = workspace;
        this.node = node;
    }

    TaskShape shape() {
        return shape;
    }

    /**
     * One that is not started a second time, however it ends.
     *
     * @param mark what the shell around the command says last
     * @param variables id and name of a secret with lines for the shell
     */
    TaskSpec of(Command command, String mark, Optional<TaskSecret> variables) {
        TaskSpec task = new TaskSpec()
                .withContainerSpec(container(command, mark, variables))
                // A job of Swarm's would be tried again by a manager that was restarted, even after it failed.
                .withRestartPolicy(new ServiceRestartPolicy().withCondition(ServiceRestartCondition.NONE))
                .withPlacement(new ServicePlacement().withConstraints(constraints()))
                .withResources(resources())
                .withLogDriver(new Driver().withName("json-file").withOptions(WHOLE_LOG));
        shape.network.ifPresent(name -> task.withNetworks(List.of(new NetworkAttachmentConfig().withTarget(name))));
        return task;
    }

    private ContainerSpec container(Command command, String mark, Optional<TaskSecret> variables) {
        String file = variables.isPresent() ? "/run/secrets/" + VARIABLES : "";
        ContainerSpec container = new ContainerSpec()
                .withImage(image)
                .withCommand(ShellWords.alone(file, mark, command.argv()))
                .withEnv(environment())
                .withDir(command.directory().toAbsolutePath().normalize().toString())
                .withUser(workspace.user())
                .withReadOnly(shape.readOnly)
                .withInit(true)
                // The image may have another one, which the shell around the command does not understand.
                .withStopSignal("SIGTERM")
                .withStopGracePeriod(shape.grace.toNanos())
                .withMounts(mounts())
                .withSecrets(variables.map(this::shown).map(List::of).orElse(List.of()))
                // One that its image has would keep it from running until it is healthy.
                .withHealthCheck(new HealthCheck().withTest(List.of("NONE")))
                .withPrivileges(new ContainerSpecPrivileges());
        DockerObjectAccessor.overrideRawValue(container, "CapabilityDrop", List.of("ALL"));
        // Heeded from Docker 25 on.
        DockerObjectAccessor.overrideRawValue(container.getPrivileges(), "NoNewPrivileges", true);
        return container;
    }

    private ContainerSpecSecret shown(TaskSecret secret) {
        return new ContainerSpecSecret()
                .withSecretId(secret.id())
                .withSecretName(secret.name())
                .withFile(new ContainerSpecFile()
                        .withName(VARIABLES)
                        .withUid(String.valueOf(workspace.uid()))
                        .withGid(String.valueOf(workspace.gid()))
                        .withMode(0400L));
    }

    private List<String> constraints() {
        List<String> all = new ArrayList<>(shape.constraints);
        if (!shape.anywhere) {
            all.add("node.id==" + node);
        }
        return all;
    }

    private ResourceRequirements resources() {
        ResourceSpecs most = new ResourceSpecs();
        ResourceSpecs kept = new ResourceSpecs();
        for (ResourceSpecs each : List.of(most, kept)) {
            shape.memory.ifPresent(each::withMemoryBytes);
            shape.nanoCpus.ifPresent(each::withNanoCPUs);
        }
        DockerObjectAccessor.overrideRawValue(most, "Pids", shape.processes);
        return new ResourceRequirements().withLimits(most).withReservations(kept);
    }

    private List<Mount> mounts() {
        List<Mount> mounts = new ArrayList<>();
        String path = workspace.path().toString();
        mounts.add(new Mount().withType(MountType.BIND).withSource(path).withTarget(path));
        if (!workspace.isRoots()) {
            // Nobody can prepare a directory on a node. A volume with options would stay behind: Swarm makes it twice.
            mounts.add(new Mount()
                    .withType(MountType.TMPFS)
                    .withTarget(HOME)
                    .withTmpfsOptions(new TmpfsOptions().withMode(01777)));
        }
        return mounts;
    }

    private List<String> environment() {
        Map<String, String> all = new TreeMap<>();
        all.put("HOME", workspace.isRoots() ? "/root" : HOME);
        all.put("LANG", "C.UTF-8");
        all.put("TZ", "UTC");
        all.putAll(shape.environment);
        // For the init process: who is asked to end is the command, and not only the shell around it.
        all.put("TINI_KILL_PROCESS_GROUP", "1");
        return all.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
    }
}
