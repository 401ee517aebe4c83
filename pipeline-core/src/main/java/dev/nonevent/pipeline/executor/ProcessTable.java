package dev.nonevent.pipeline.executor;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The processes of this machine: as the kernel lists them under {@code /proc}, and where there is none, as far as the
 * JDK can tell. What cannot be read is never reported as not there.
 */
class ProcessTable {

    private static final ProcessTable SYSTEM = new ProcessTable(new File("/proc"));
    private static final long KERNEL_THREAD = 0x0020_0000;

    private final File root;
    /** Ticks since boot repeat after a reboot, so the boot is part of a process's start. */
    private final String boot;
    /** Some kernels that only look like Linux leave the fields about memory at 0. */
    private final boolean tellsMemory;

    private final int processors;

    /** @param root where the kernel's list is mounted */
    ProcessTable(File root) {
        this.root = root;
        String id = text("sys/kernel/random/boot_id").orElse("");
        this.boot = id.length() < 8 ? "0" : id.substring(0, 8);
        this.tellsMemory =
                stat("self").filter(self -> self.memory().isSettled()).isPresent();
        this.processors = (int) text("stat")
                .orElse("")
                .lines()
                .filter(line -> line.matches("cpu\\d.*"))
                .count();
    }

    /** This machine's. */
    static ProcessTable system() {
        return SYSTEM;
    }

    /**
     * One process.
     *
     * @param group process group, -1 where the system does not tell
     * @param session session, -1 where the system does not tell
     * @param started when it was started, in the system's own unit: with the pid it names a process for ever
     */
    record Entry(long pid, long group, long session, String started, String program, Memory memory) {

        /** What stands for a process of which nothing could be read. */
        static Entry unseen(long pid) {
            return new Entry(pid, -1, -1, "0.0", "?", Memory.UNTOLD);
        }

        /** Whether both are looks at one process, which may have changed its session or program in between. */
        boolean isSameProcess(Entry other) {
            return pid == other.pid && started.equals(other.started);
        }

        /** Whether both are looks at one process that has not replaced its program in between, as far as can be told. */
        boolean runsTheSame(Entry other) {
            boolean told = memory.isSettled() && other.memory.isSettled();
            return isSameProcess(other)
                    && program.equals(other.program)
                    && (!told || memory.code() == other.memory.code());
        }

        /** Ticks since boot, 0 if unknown. A child never has fewer than its parent. */
        long ticks() {
            return Long.parseLong(started.substring(0, started.indexOf('.')));
        }
    }

    /**
     * What the kernel tells of a process's memory.
     *
     * @param parent pid of its parent, -1 where the system does not tell
     * @param code where its program lies: 0 while there is none, in the middle of an exec or at its end; 1 if we are not
     *     allowed to know
     * @param environment length of its environment; not to be trusted while code is 0
     */
    record Memory(long parent, boolean dead, boolean kernel, long code, long environment) {

        static final Memory UNTOLD = new Memory(-1, false, false, 0, 0);

        /** Set by the kernel after the environment, so whoever sees this sees all of it. */
        boolean isSettled() {
            return code > 1;
        }

        boolean isHidden() {
            return code == 1;
        }
    }

    /** What is known of a process by its environment. */
    enum Mark {
        THERE,
        ABSENT,
        /** We may never read it: another user's process, or one that hides its memory. */
        HIDDEN,
        /** It could not be read completely just now, which says nothing. */
        UNKNOWN
    }

    /** Without it neither sessions nor environments can be read. */
    boolean readable() {
        return new File(root, "self/stat").canRead();
    }

    /** The process with this pid; empty if there is none, or only its zombie, or it cannot be read. */
    Optional<Entry> entry(long pid) {
        return readable()
                ? stat(Long.toString(pid)).filter(entry -> !entry.memory().dead())
                : handleEntry(pid);
    }

    /** The process or zombie with this pid; {@link Entry#unseen} if it is one of ours and there, but cannot be read. */
    Optional<Entry> sight(long pid) {
        Optional<Entry> entry = stat(Long.toString(pid));
        return entry.isPresent() || !isOfOurUser(pid) ? entry : Optional.of(Entry.unseen(pid));
    }

    /** All pids; empty if they cannot be listed. */
    Optional<List<Long>> pids() {
        String[] names = root.list();
        if (names == null) {
            return Optional.empty();
        }
        List<Long> pids = new ArrayList<>();
        for (String name : names) {
            if (Character.isDigit(name.charAt(0))) {
                pids.add(Long.parseLong(name));
            }
        }
        return Optional.of(pids);
    }

    /**
     * How busy the machine is with processes.
     *
     * @param tasks processes and threads that there are
     * @param last the pid that was given away last
     */
    record Load(long tasks, long last) {}

    /** Source: proc_loadavg(5). */
    Optional<Load> load() {
        String[] fields = text("loadavg").orElse("").strip().split("[ /]", -1);
        return fields.length == 6 && isNumber(fields[4]) && isNumber(fields[5])
                ? Optional.of(new Load(Long.parseLong(fields[4]), Long.parseLong(fields[5])))
                : Optional.empty();
    }

    /** One more than the highest pid, 0 if it is not told. */
    long mostPids() {
        String most = text("sys/kernel/pid_max").orElse("").strip();
        return isNumber(most) ? Long.parseLong(most) : 0;
    }

    /** How many there are in this machine, whether or not we may use them all; 0 if it is not told. */
    int processors() {
        return processors;
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,18}");
    }

    /** The value of a variable in the environment that the process was started with. */
    Optional<String> variable(long pid, String name) {
        return text(pid + "/environ").flatMap(environment -> value(environment, name));
    }

    /** Whether a process was started with this value of a variable, or with one that continues it after a {@code /}. */
    Mark mark(Entry entry, String name, String value) {
        if (entry.memory().kernel()) {
            return Mark.ABSENT;
        }
        Mark mark = mark(Long.toString(entry.pid()), entry.memory(), name, value);
        return mark == Mark.UNKNOWN ? markOfThreads(entry.pid(), name, value) : mark;
    }

    /** Whether a process belongs to the user of this JVM; a process that is gone belongs to nobody. */
    boolean isOfOurUser(long pid) {
        try {
            Object ours = Files.getAttribute(new File(root, "self").toPath(), "unix:uid");
            return ours.equals(Files.getAttribute(new File(root, "" + pid).toPath(), "unix:uid"));
        } catch (IOException gone) {
            return false;
        }
    }

    /** A program whose first thread has ended lives on in the others, and only they still show its memory. */
    private Mark markOfThreads(long pid, String name, String value) {
        String[] threads = new File(root, pid + "/task").list();
        for (String thread : threads == null ? new String[0] : threads) {
            String folder = pid + "/task/" + thread;
            Mark mark = stat(folder)
                    .map(entry -> mark(folder, entry.memory(), name, value))
                    .orElse(Mark.UNKNOWN);
            if (mark != Mark.UNKNOWN) {
                return mark;
            }
        }
        return Mark.UNKNOWN;
    }

    /** @param memory read before the environment: if the two do not fit, the program was replaced in between */
    private Mark mark(String folder, Memory memory, String name, String value) {
        if (memory.isHidden()) {
            return Mark.HIDDEN;
        }
        Optional<String> environment = text(folder + "/environ");
        boolean there = environment
                .flatMap(text -> value(text, name))
                .filter(found -> found.equals(value) || found.startsWith(value + "/"))
                .isPresent();
        if (there) {
            return Mark.THERE;
        }
        boolean complete = tellsMemory
                ? memory.isSettled()
                        && environment.isPresent()
                        && environment.get().length() == memory.environment()
                : environment.isPresent();
        return complete ? Mark.ABSENT : Mark.UNKNOWN;
    }

    private static Optional<String> value(String environment, String name) {
        String all = "\0" + environment;
        int at = all.indexOf("\0" + name + "=");
        if (at < 0) {
            return Optional.empty();
        }
        int from = at + name.length() + 2;
        int to = all.indexOf('\0', from);
        return Optional.of(all.substring(from, to < 0 ? all.length() : to));
    }

    private Optional<Entry> stat(String folder) {
        String stat = text(folder + "/stat").orElse("");
        // The program's name is in parentheses and may itself contain spaces and parentheses.
        int open = stat.indexOf('(');
        int close = stat.lastIndexOf(')');
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String[] fields = stat.substring(close + 2).strip().split(" ");
        if (fields.length < 20) {
            return Optional.empty();
        }
        Memory memory = new Memory(
                Long.parseLong(fields[1]),
                isDead(fields[0], fields[17]),
                (Long.parseLong(fields[6]) & KERNEL_THREAD) != 0,
                number(fields, 23),
                number(fields, 48) - number(fields, 47));
        return Optional.of(new Entry(
                Long.parseLong(stat.substring(0, open).strip()),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                fields[19] + "." + boot,
                stat.substring(open + 1, close),
                memory));
    }

    /** Addresses are unsigned, and old kernels have fewer fields. */
    private static long number(String[] fields, int index) {
        return index < fields.length ? Long.parseUnsignedLong(fields[index]) : 0;
    }

    /** A zombie is dead; a zombie with threads is a living process whose main thread has ended. */
    private static boolean isDead(String state, String threads) {
        return state.equals("X") || (state.equals("Z") && (threads.equals("0") || threads.equals("1")));
    }

    private static Optional<Entry> handleEntry(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(handle -> new Entry(
                        pid,
                        -1,
                        -1,
                        handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L) + ".0",
                        handle.info().command().orElse("?"),
                        Memory.UNTOLD));
    }

    /** Not with a channel, which an interrupt would close. */
    private Optional<String> text(String name) {
        try (FileInputStream file = new FileInputStream(new File(root, name))) {
            return Optional.of(new String(file.readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
