package dev.nonevent.pipeline.docker.inside;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The one directory of this machine a command sees.
 *
 * @param path absolute, the same inside and outside
 * @param user {@code uid:gid} it runs as
 */
public record Workspace(Path path, String user) {

    private static final Set<String> NEVER = Set.of("proc", "sys", "dev", "etc", "run", "boot", "bin", "lib", "usr");

    /** @throws InfrastructureException if it is no directory, or one that would show or cover too much */
    public static Workspace of(Path directory, Optional<String> user) {
        Path path = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(path)) {
            throw new InfrastructureException(path + " is no directory: a command needs an existing one to run in");
        }
        if (path.getNameCount() < 2 || NEVER.contains(path.getName(0).toString())) {
            throw new InfrastructureException(
                    path + " is not mounted into a container: use a directory of the command's own");
        }
        return new Workspace(path, user.orElseGet(() -> ownerOf(path)));
    }

    /** @throws InfrastructureException if a command is to run where its container has nothing of this machine */
    public static void requireBelow(Path workspace, Path directory) {
        Path path = workspace.toAbsolutePath().normalize();
        if (!directory.toAbsolutePath().normalize().startsWith(path)) {
            throw new InfrastructureException(
                    directory + " is not in the container: commands run in " + path + " or below it");
        }
    }

    public boolean isRoots() {
        return user.startsWith("0:");
    }

    public int uid() {
        return Integer.parseInt(user.substring(0, user.indexOf(':')));
    }

    public int gid() {
        return Integer.parseInt(user.substring(user.indexOf(':') + 1));
    }

    private static String ownerOf(Path path) {
        try {
            return Files.getAttribute(path, "unix:uid") + ":" + Files.getAttribute(path, "unix:gid");
        } catch (IOException | UnsupportedOperationException e) {
            throw new InfrastructureException("the owner of " + path + " cannot be read: name a user(uid:gid)", e);
        }
    }
}
