package dev.nonevent.pipeline.executor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@code /proc} of our own making, in the kernel's format, so that a moment of a process can be held. */
final class FakeProcesses {

    static final long STARTED = 1_000;
    private static final long KERNEL_THREAD = 0x0020_0040;
    private static final long CODE = 0x5555_0000L;

    private final Path root;

    FakeProcesses(Path root) {
        this.root = root;
        write("sys/kernel/random/boot_id", "b00b00b0-0000\n");
        stat("self", 1, 'R', 0, CODE, 4);
        write("self/environ", "A=1\0");
    }

    ProcessTable table() {
        return new ProcessTable(root.toFile());
    }

    Path root() {
        return root;
    }

    void running(long pid, String environment) {
        stat("" + pid, pid, 'S', 0, CODE, environment.length());
        write(pid + "/environ", environment);
    }

    /** What the kernel shows between taking the old memory away and having filled the new one. */
    void execing(long pid) {
        stat("" + pid, pid, 'R', 0, 0, 0);
        write(pid + "/environ", "");
    }

    /** The list of fields was read before an exec, the environment in the middle of it. */
    void execingSinceItsFieldsWereRead(long pid) {
        stat("" + pid, pid, 'R', 0, CODE, 40);
        write(pid + "/environ", "");
    }

    void kernelThread(long pid) {
        stat("" + pid, pid, 'I', KERNEL_THREAD, 0, 0);
        write(pid + "/environ", "");
    }

    void zombie(long pid) {
        stat("" + pid, pid, 'Z', 0, 0, 0);
    }

    /** Its first thread has ended, another one lives and shows the environment. */
    void withoutItsFirstThread(long pid, String environment) {
        line("" + pid, pid, 1, 'Z', 2, 0, STARTED, 0, 0);
        write(pid + "/environ", "");
        line(pid + "/task/" + pid, pid, 1, 'Z', 2, 0, STARTED, 0, 0);
        stat(pid + "/task/" + (pid + 1), pid + 1, 'S', 0, CODE, environment.length());
        write(pid + "/task/" + (pid + 1) + "/environ", environment);
    }

    void hidden(long pid, long parent) {
        line("" + pid, pid, parent, 'S', 1, 0, STARTED, 1, 0);
    }

    void startedAt(long pid, long ticks) {
        line("" + pid, pid, 1, 'R', 1, 0, ticks, 0, 0);
    }

    /** How many pids there are and how many processors. */
    void counting(String pids, int processors) {
        write("sys/kernel/pid_max", pids + "\n");
        StringBuilder stat = new StringBuilder("cpu  1 2 3\n");
        for (int i = 0; i < processors; i++) {
            stat.append("cpu").append(i).append(" 1 2 3\n");
        }
        write("stat", stat + "processes 5000\n");
    }

    void lastPid(long tasks, long last) {
        write("loadavg", "0.52 0.41 0.40 2/" + tasks + " " + last + "\n");
    }

    void unreadable(long pid) {
        write(pid + "/comm", "x");
    }

    private void stat(String folder, long pid, char state, long flags, long code, long environment) {
        line(folder, pid, 1, state, 1, flags, STARTED, code, environment);
    }

    private void line(
            String folder,
            long pid,
            long parent,
            char state,
            int threads,
            long flags,
            long started,
            long code,
            long environment) {
        long place = environment == 0 && code == 0 ? 0 : 0x7fff_0000L;
        // Numbered as in proc(5), from field 3.
        Object[] fields = new Object[50];
        java.util.Arrays.fill(fields, 0);
        fields[0] = state;
        fields[1] = parent;
        fields[2] = 7;
        fields[3] = 7;
        fields[6] = flags;
        fields[17] = threads;
        fields[19] = started;
        fields[23] = code;
        fields[47] = place;
        fields[48] = place + environment;
        String rest =
                java.util.Arrays.stream(fields).map(String::valueOf).collect(java.util.stream.Collectors.joining(" "));
        write(folder + "/stat", pid + " (a (wild) name) " + rest + "\n");
    }

    private void write(String name, String text) {
        try {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
