package dev.nonevent.pipeline.docker.engine;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The mark of the process a container was made for, so that a later process can tell whether it is still alive.
 *
 * @param place kernel, pid namespace and user: only from the same place a process can be seen, and so be missed
 * @param process {@code pid@start}, which no other process ever has there
 */
public record Owner(String place, String process) {

    public static final String PLACE = "dev.nonevent.place";
    public static final String PROCESS = "dev.nonevent.process";

    private static final Path PROC = Path.of("/proc");

    /** This process; empty where there is no /proc, and then nothing is ever taken for left behind. */
    public static Optional<Owner> self() {
        if (!Files.isReadable(PROC.resolve("self/stat"))) {
            return Optional.empty();
        }
        try {
            String boot =
                    Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
            String pids = Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
            Object user = Files.getAttribute(PROC.resolve("self"), "unix:uid");
            long pid = ProcessHandle.current().pid();
            return startOf(pid).map(start -> new Owner(boot + "/" + pids + "/" + user, pid + "@" + start));
        } catch (IOException e) {
            throw new InfrastructureException("this process cannot read about itself in /proc", e);
        }
    }

    public Map<String, String> labels() {
        return Map.of(PLACE, place, PROCESS, process);
    }

    /** Whether that process is gone for certain; what cannot be read counts as alive. */
    public boolean isGone(String other) {
        int at = other.indexOf('@');
        if (at <= 0 || !other.substring(0, at).chars().allMatch(Character::isDigit)) {
            return false;
        }
        try {
            Optional<String> start = startOf(Long.parseLong(other.substring(0, at)));
            return start.isEmpty() || !start.get().equals(other.substring(at + 1));
        } catch (IOException | NumberFormatException unreadable) {
            return false;
        }
    }

    /** Field 22 of its stat, in clock ticks since the boot: no change of the clock moves it. */
    private static Optional<String> startOf(long pid) throws IOException {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            List<String> afterName =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            return Optional.of(afterName.get(19));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }
}
