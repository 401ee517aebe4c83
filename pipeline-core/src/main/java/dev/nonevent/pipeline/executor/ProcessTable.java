package dev.nonevent.pipeline.executor;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The processes of this machine: as the kernel lists them under {@code /proc}, and where there is none, as far as the
 * JDK can tell.
 */
final class ProcessTable {

    private static final File ROOT = new File("/proc");
    /** Ticks since boot repeat after a reboot, so the boot is part of a process's start. */
    private static final String BOOT = boot();

    private ProcessTable() {}

    /**
     * One living process.
     *
     * @param group process group, -1 where the system does not tell
     * @param session session, -1 where the system does not tell
     * @param started when it was started, in the system's own unit: with the pid it names a process for ever
     */
    record Entry(long pid, long group, long session, String started, String program) {

        /** Whether both are looks at one process, which may have changed its session or program in between. */
        boolean isSameProcess(Entry other) {
            return pid == other.pid && started.equals(other.started);
        }
    }

    /** Without it neither sessions nor environments can be read. */
    static boolean readable() {
        return new File(ROOT, "self/stat").canRead();
    }

    /** The process with this pid; empty if there is none, or only its zombie. */
    static Optional<Entry> entry(long pid) {
        return readable() ? statEntry(pid) : handleEntry(pid);
    }

    /** All pids. */
    static List<Long> pids() {
        String[] names = ROOT.list();
        List<Long> pids = new ArrayList<>();
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0))) {
                pids.add(Long.parseLong(name));
            }
        }
        return pids;
    }

    /** The pid that was handed out last, 0 if the system does not tell. */
    static long lastPid() {
        String loads = read("loadavg").strip();
        String last = loads.substring(loads.lastIndexOf(' ') + 1);
        return last.matches("\\d{1,18}") ? Long.parseLong(last) : 0;
    }

    /** The value of a variable in the environment that the process was started with. */
    static Optional<String> variable(long pid, String name) {
        String environment = "\0" + read(pid + "/environ");
        int at = environment.indexOf("\0" + name + "=");
        if (at < 0) {
            return Optional.empty();
        }
        int from = at + name.length() + 2;
        int to = environment.indexOf('\0', from);
        return Optional.of(environment.substring(from, to < 0 ? environment.length() : to));
    }

    private static Optional<Entry> statEntry(long pid) {
        String stat = read(pid + "/stat");
        // The program's name is in parentheses and may itself contain spaces and parentheses.
        int open = stat.indexOf('(');
        int close = stat.lastIndexOf(')');
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String[] fields = stat.substring(close + 2).split(" ", 21);
        if (fields.length < 20 || isDead(fields[0], fields[17])) {
            return Optional.empty();
        }
        return Optional.of(new Entry(
                pid,
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                fields[19] + "." + BOOT,
                stat.substring(open + 1, close)));
    }

    /** A zombie is dead; a zombie with threads is a living process whose main thread has ended. */
    private static boolean isDead(String state, String threads) {
        return state.equals("X") || (state.equals("Z") && (threads.equals("0") || threads.equals("1")));
    }

    private static String boot() {
        String id = read("sys/kernel/random/boot_id");
        return id.length() < 8 ? "0" : id.substring(0, 8);
    }

    private static Optional<Entry> handleEntry(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(handle -> new Entry(
                        pid,
                        -1,
                        -1,
                        handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L) + ".0",
                        handle.info().command().orElse("?")));
    }

    private static String read(String name) {
        try (FileInputStream file = new FileInputStream(new File(ROOT, name))) {
            return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // The process has ended, or belongs to somebody else: either way there is nothing of ours to see.
            return "";
        }
    }
}
