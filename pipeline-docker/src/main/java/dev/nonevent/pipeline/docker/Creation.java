package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.Owner;
import dev.nonevent.pipeline.docker.engine.RunNetwork;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** How a command's container is made: what it may, and what it finds inside. */
final class Creation {

    private static final String HOME = "/home/nonevent";

    /**
     * Docker keeps the two outputs apart and their order is lost; in one of them it is kept. Only what the shell says
     * before the command takes its place goes to the other: that it cannot be started.
     */
    private static final List<String> ONE_OUTPUT =
            List.of("/bin/sh", "-c", "command -v -- \"$1\" >/dev/null 2>&1 || exec \"$@\"; exec \"$@\" 2>&1", "sh");

    private final Engine engine;
    private final Surroundings surroundings;
    private final Workspace workspace;
    private final Optional<Owner> owner;

    Creation(Engine engine, Surroundings surroundings, Workspace workspace, Optional<Owner> owner) {
        this.engine = engine;
        this.surroundings = surroundings;
        this.workspace = workspace;
        this.owner = owner;
    }

    /**
     * A container that is not started yet, and is there only if this returns.
     *
     * @param shell whether the image's shell may bring both outputs into one
     */
    Container of(Command command, boolean shell) {
        String id = engine.ask(
                        "creating a container of " + surroundings.image,
                        docker -> configured(docker.createContainerCmd(surroundings.image), command, shell)
                                .exec())
                .getId();
        Container container = new Container(engine, id);
        try {
            surroundings.services.forEach(network -> RunNetwork.connect(engine, network, id));
            if (!workspace.isRoots()) {
                engine.tell(
                        "preparing the home directory in container " + id,
                        docker -> docker.copyArchiveToContainerCmd(id)
                                .withRemotePath("/")
                                .withTarInputStream(new ByteArrayInputStream(directoriesOfTheUser()))
                                .exec());
            }
        } catch (InfrastructureException e) {
            throw container.removedAfter(e, InfrastructureException::new);
        }
        return container;
    }

    private CreateContainerCmd configured(CreateContainerCmd creation, Command command, boolean shell) {
        List<String> argv = new ArrayList<>(shell ? ONE_OUTPUT : List.of());
        argv.addAll(command.argv());
        return creation.withEntrypoint(argv)
                .withUser(workspace.user())
                .withWorkingDir(workspace.path().toString())
                .withEnv(environment(command))
                .withLabels(owner.map(Owner::labels).orElse(Map.of()))
                .withAttachStdin(false)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .withTty(false)
                .withHostConfig(limits());
    }

    private HostConfig limits() {
        HostConfig limits = HostConfig.newHostConfig()
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withPidsLimit(surroundings.processes)
                .withInit(true)
                .withNetworkMode(surroundings.network)
                // The output is taken while it is written; nobody reads it a second time.
                .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
                .withMounts(mounts());
        surroundings.memory.ifPresent(bytes -> limits.withMemory(bytes).withMemorySwap(bytes));
        return limits;
    }

    private List<Mount> mounts() {
        List<Mount> mounts = new ArrayList<>();
        String path = workspace.path().toString();
        mounts.add(new Mount().withType(MountType.BIND).withSource(path).withTarget(path));
        for (String cache : surroundings.caches) {
            mounts.add(new Mount()
                    .withType(MountType.VOLUME)
                    .withSource(volumeFor(cache))
                    .withTarget(cache)
                    .withVolumeOptions(new VolumeOptions().withLabels(Map.of("dev.nonevent.cache", cache))));
        }
        return mounts;
    }

    /** One volume for each path and user, so that no user finds another's files; injective, because {@code _} is escaped. */
    private String volumeFor(String cache) {
        StringBuilder name = new StringBuilder("nonevent-cache-").append(workspace.uid());
        cache.chars().forEach(each -> {
            boolean plain = each < 128 && Character.isLetterOrDigit(each);
            name.append(
                    plain || each == '.' || each == '-'
                            ? Character.toString(each)
                            : "_" + Integer.toHexString(each) + "_");
        });
        return name.toString();
    }

    private List<String> environment(Command command) {
        Map<String, String> all = new TreeMap<>();
        all.put("HOME", workspace.isRoots() ? "/root" : HOME);
        all.put("LANG", "C.UTF-8");
        all.put("TZ", "UTC");
        all.putAll(surroundings.environment);
        all.putAll(command.environment());
        return all.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
    }

    /** Only root may write where root made the directories; so home and caches are given to the user beforehand. */
    private byte[] directoriesOfTheUser() {
        List<String> directories = new ArrayList<>(surroundings.caches);
        directories.add(HOME);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (String directory : directories) {
                TarArchiveEntry entry = new TarArchiveEntry(directory.substring(1) + "/");
                entry.setMode(040700);
                entry.setUserId(workspace.uid());
                entry.setGroupId(workspace.gid());
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        } catch (IOException inMemory) {
            throw new InfrastructureException("the home directory's archive could not be written", inMemory);
        }
        return bytes.toByteArray();
    }
}
