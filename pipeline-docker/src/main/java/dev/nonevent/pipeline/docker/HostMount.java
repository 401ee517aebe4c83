package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.docker.engine.Words;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file or directory of this machine that commands see beside their workspace.
 *
 * @param outside absolute
 * @param inside absolute
 */
record HostMount(Path outside, String inside, boolean readOnly) {

    /** Who holds one of these, or what holds it, holds the machine. */
    private static final List<Path> NEVER = List.of(
            Path.of("/proc"),
            Path.of("/sys"),
            Path.of("/dev"),
            Path.of("/etc"),
            Path.of("/boot"),
            Path.of("/run"),
            Path.of("/var/run"),
            Path.of("/var/lib/docker"),
            Path.of("/var/lib/containerd"));

    HostMount {
        if (!outside.isAbsolute() || !Words.namePlace(inside)) {
            throw new IllegalArgumentException(
                    "a mount has two absolute paths, the one inside without colon, comma, . and .., was " + outside
                            + " at " + inside);
        }
        outside = outside.normalize();
        if (isRefused(outside)) {
            throw new IllegalArgumentException(refusal(outside));
        }
    }

    /**
     * Where it really is, links followed.
     *
     * @throws InfrastructureException if it is not there, or is what no container may have
     */
    Path real() {
        try {
            Path real = outside.toRealPath();
            if (isRefused(real) || !(Files.isDirectory(real) || Files.isRegularFile(real))) {
                throw new InfrastructureException(refusal(outside));
            }
            return real;
        } catch (NoSuchFileException missing) {
            throw new InfrastructureException(
                    outside + " cannot be mounted into a container: it is not there on this machine", missing);
        } catch (IOException e) {
            throw new InfrastructureException(outside + " cannot be mounted into a container: " + e, e);
        }
    }

    /** One of them, below one, or above one. A socket is no file: an engine's would give the machine away. */
    private static boolean isRefused(Path path) {
        Path home = Path.of(System.getProperty("user.home", "/root"));
        return home.startsWith(path) || NEVER.stream().anyMatch(each -> path.startsWith(each) || each.startsWith(path));
    }

    private static String refusal(Path path) {
        return path + " is not mounted into a container, for whoever holds it holds this machine: name a file or a"
                + " directory that is only about the work";
    }
}
