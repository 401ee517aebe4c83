package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.Owner;
import dev.nonevent.pipeline.docker.engine.RunNetwork;
import dev.nonevent.pipeline.docker.inside.ShellWords;
import dev.nonevent.pipeline.docker.inside.Workspace;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** How a command's container is made: what it may, and what it finds inside. */
final class Creation {

    private static final String HOME = "/home/nonevent";

    private final Engine engine;
    private final Surroundings surroundings;
    private final String imageId;
    private final Workspace workspace;
    private final Optional<Owner> owner;

    /** @param imageId what the image's name means: all containers of one run are of the same */
    Creation(Engine engine, Surroundings surroundings, String imageId, Workspace workspace, Optional<Owner> owner) {
        this.engine = engine;
        this.surroundings = surroundings;
        this.imageId = imageId;
        this.workspace = workspace;
        this.owner = owner;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    /** As people call it. */
    String image() {
        return surroundings.image;
    }

    /**
     * A container for one command. It is not started yet, and is there only if this returns.
     *
     * @param shell whether the image's shell may bring both outputs into one
     * @throws InfrastructureException if it has secrets, which everybody would see who inspects the container
     */
    Container of(Command command, boolean shell) {
        if (!command.secrets().isEmpty()) {
            throw new InfrastructureException("image " + image() + " has no shell, so docker inspect would show "
                    + String.join(", ", new TreeSet<>(command.secrets()))
                    + " to everybody: take an image with /bin/sh for what needs a secret");
        }
        List<String> argv = shell ? ShellWords.inOneOutput(command.argv()) : command.argv();
        return created(
                false,
                creation -> creation.withEntrypoint(argv)
                        .withUser(workspace.user())
                        .withWorkingDir(
                                command.directory().toAbsolutePath().normalize().toString())
                        .withEnv(environment(command.environment())));
    }

    /**
     * A container for all commands of a stage, whose main process is handed one after the other on its input. It is asked
     * to end with all that belongs to it.
     */
    Container serving() {
        List<String> variables = new ArrayList<>(environment(Map.of()));
        variables.add("TINI_KILL_PROCESS_GROUP=1");
        // Where there is no network, the engine need not set one up: that takes it as long as all the rest.
        boolean apart = surroundings.network.equals("none") && surroundings.services.isEmpty();
        return created(
                apart,
                creation -> creation.withEntrypoint(ShellWords.serving())
                        .withUser(workspace.user())
                        .withWorkingDir("/")
                        .withEnv(variables)
                        .withStdinOpen(true));
    }

    /** @param apart whether the engine may leave it with nothing of a network but its own loopback */
    private Container created(boolean apart, UnaryOperator<CreateContainerCmd> what) {
        String id = engine.ask(
                        "creating a container of " + surroundings.image,
                        docker -> what.apply(docker.createContainerCmd(imageId)
                                        .withLabels(owner.map(Owner::labels).orElse(Map.of()))
                                        .withNetworkDisabled(apart)
                                        .withAttachStdin(false)
                                        .withAttachStdout(true)
                                        .withAttachStderr(true)
                                        .withTty(false)
                                        // The image's is about what the image runs by itself, and that does not run
                                        // here.
                                        .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                                        .withHostConfig(limits()))
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
                                .withTarInputStream(new ByteArrayInputStream(filesOfTheUser(apart)))
                                .exec());
            }
        } catch (InfrastructureException e) {
            throw container.removedAfter(e, InfrastructureException::new);
        }
        return container;
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
        surroundings.nanoCpus.ifPresent(limits::withNanoCPUs);
        return limits;
    }

    private List<Mount> mounts() {
        List<Mount> mounts = new ArrayList<>();
        String path = workspace.path().toString();
        mounts.add(new Mount().withType(MountType.BIND).withSource(path).withTarget(path));
        for (HostMount mounted : surroundings.hostMounts) {
            mounts.add(new Mount()
                    .withType(MountType.BIND)
                    .withSource(mounted.real().toString())
                    .withTarget(mounted.inside())
                    .withReadOnly(mounted.readOnly()));
        }
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

    /** Each {@code name=value}. */
    private List<String> environment(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>();
        all.put("HOME", workspace.isRoots() ? "/root" : HOME);
        all.put("LANG", "C.UTF-8");
        all.put("TZ", "UTC");
        all.putAll(surroundings.environment);
        all.putAll(more);
        return all.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
    }

    /** Only root may write where root made the directories; so home and caches are given to the user beforehand. */
    private byte[] filesOfTheUser(boolean apart) {
        List<String> directories = new ArrayList<>(surroundings.caches);
        directories.add(HOME);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            // Directories of people give them numbers beyond the two million that fit into a plain header.
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (String directory : directories) {
                TarArchiveEntry entry = new TarArchiveEntry(directory.substring(1) + "/");
                entry.setMode(040700);
                entry.setUserId(workspace.uid());
                entry.setGroupId(workspace.gid());
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
            if (apart) {
                TarArchiveEntry names = new TarArchiveEntry("etc/hosts");
                names.setSize(ShellWords.NAMES.length());
                tar.putArchiveEntry(names);
                tar.write(ShellWords.NAMES.getBytes(StandardCharsets.US_ASCII));
                tar.closeArchiveEntry();
            }
        } catch (IOException inMemory) {
            throw new InfrastructureException("the home directory's archive could not be written", inMemory);
        }
        return bytes.toByteArray();
    }
}
