package dev.nonevent.pipeline.executor;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program started in a session and process group of its own, together with everything it starts: all of it can be
 * found again and ended.
 *
 * <p>It lives on when this JVM dies and when somebody presses Ctrl-C in the terminal. Its standard input is empty; what
 * it prints goes to a file, so no pipe ties it to us. A later JVM finds it by its {@link #identity()} or by its marker,
 * an environment variable that every process it starts inherits.
 *
 * <p>Belonging to the tree are: the program, all of its session or group, and every process with the marker (so also
 * one that has detached itself). A process that leaves the session <em>and</em> wipes its environment is not found, nor
 * is one of another user (a setuid program). That is Linux with {@code setsid} on the PATH. Without {@code setsid} the program stays
 * in our session, and a Ctrl-C reaches it; without {@code /proc} only the program and its living descendants are found,
 * and no process by its marker.
 *
 * <p>Safe for use by several threads.
 */
public final class ProcessTree {

    /** Holds the marker in the environment of every process of a tree. */
    static final String VARIABLE = "PIPELINE_TREE";

    private static final ProcessTable TABLE = ProcessTable.system();
    private static final Duration STARTING = Duration.ofSeconds(5);

    private final TreeMembers tree;
    private final @Nullable Process child;
    private final TimeSource time = TimeSource.system();

    private ProcessTree(TreeMembers tree, @Nullable Process child) {
        this.tree = tree;
        this.child = child;
    }

    /**
     * A living process, named for people and machines.
     *
     * @param identity pid and start, as in {@link ProcessTree#identity()}
     * @param program its name as the system knows it
     * @param certain false: it could not be told whether it belongs to the tree, since it could not be read
     */
    public record Member(long pid, String identity, String program, boolean certain) {

        static Member of(ProcessTable.Entry entry, boolean certain) {
            return new Member(entry.pid(), ProcessTree.identity(entry), entry.program(), certain);
        }

        @Override
        public String toString() {
            return (certain ? "" : "perhaps ") + program + " (pid " + pid + ")";
        }
    }

    /**
     * Starts a program.
     *
     * @param argv program first; looked up on the PATH of {@code environment}; no shell reads them
     * @param directory where it runs
     * @param environment all it gets; only the marker's variable, {@code PIPELINE_TREE}, is added
     * @param output takes standard output and error, appended
     * @param marker unique to this tree: letters, digits and {@code . _ : / -}; a tree also finds markers that continue
     *     its own after a {@code /}
     * @throws InfrastructureException if it cannot be started: one sentence with the program and the way out
     */
    public static ProcessTree start(
            List<String> argv, Path directory, Map<String, String> environment, Path output, String marker) {
        requireMarker(marker);
        Path program = Program.resolve(argv.get(0), directory, environment);
        Optional<Path> setsid = Program.onPath("setsid", Program.path(System.getenv()));
        List<String> line = new ArrayList<>();
        // Replaces itself by the program, so the pid stays: our children never lead a group, which would make it fork.
        setsid.ifPresent(found -> line.add(found.toAbsolutePath().toString()));
        line.add(argv.get(0).startsWith("-") ? program.toString() : argv.get(0));
        line.addAll(argv.subList(1, argv.size()));

        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(nothing()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        declare(environment, builder.environment());
        builder.environment().put(VARIABLE, marker);
        PidWindow window = PidWindow.open(TABLE, TimeSource.system());
        try {
            Process child = builder.start();
            String started =
                    TABLE.entry(child.pid()).map(ProcessTable.Entry::started).orElse("0.0");
            return new ProcessTree(
                    new TreeMembers(TABLE, child.pid(), started, marker, setsid.isPresent(), window), child);
        } catch (IOException e) {
            throw Program.refused(argv.get(0), e);
        }
    }

    /**
     * The living tree whose root has this identity; empty if that process has ended. Its marker is read from the
     * process, and is unknown where the process has overwritten its environment.
     *
     * @throws IllegalArgumentException if this is not an identity
     */
    public static Optional<ProcessTree> find(String identity) {
        long pid = pidOf(identity);
        return find(identity, TABLE.variable(pid, VARIABLE).orElse(""));
    }

    /** The living tree whose root has this identity and which was started with this marker. */
    public static Optional<ProcessTree> find(String identity, String marker) {
        long pid = pidOf(identity);
        return TABLE.entry(pid)
                .filter(entry -> identity.equals(identity(entry)))
                .map(entry -> new ProcessTree(
                        new TreeMembers(
                                TABLE, pid, entry.started(), marker, entry.session() == pid, PidWindow.unknown(TABLE)),
                        null));
    }

    /**
     * All living processes with this marker or one that continues it after a {@code /}, whoever started them, this JVM
     * excepted. Empty where there is no {@code /proc}. A process that is just being started is waited for, until it can
     * be told whose it is, at most 5 seconds; after that it is passed over.
     */
    public static List<Member> withMarker(String marker) {
        requireMarker(marker);
        TimeSource time = TimeSource.system();
        long end = time.nanos() + STARTING.toNanos();
        boolean interrupted = false;
        Pause pause = new Pause(time);
        Look look = TreeMembers.withMarker(TABLE, marker);
        while (!look.unknown().isEmpty() && time.nanos() - end < 0) {
            try {
                time.sleep(pause.next());
            } catch (InterruptedException e) {
                interrupted = true;
            }
            look = TreeMembers.withMarker(TABLE, marker);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return new Look(look.members(), List.of()).survivors();
    }

    /** Ends all living processes with this marker, for when the root is gone; otherwise like {@link #stop}. */
    public static List<Member> stopMarked(String marker, Duration grace) {
        requireMarker(marker);
        return new Stopping(TimeSource.system(), () -> TreeMembers.withMarker(TABLE, marker), -1)
                .stop(grace)
                .survivors();
    }

    public long pid() {
        return tree.root();
    }

    /** {@code pid@start}: names this process and no other, also after its pid was given away or the machine restarted. */
    public String identity() {
        return tree.root() + "@" + tree.started();
    }

    public String marker() {
        return tree.marker();
    }

    /** Whether the root lives; what it started may live on after it. A zombie is dead. */
    public boolean isAlive() {
        return (child == null || child.isAlive()) && tree.rootLives();
    }

    /** Waits for the end of the root; false if it still lives after this time. */
    public boolean waitFor(Duration limit) throws InterruptedException {
        if (child != null) {
            return child.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        }
        long end = time.nanos() + limit.toNanos();
        Pause pause = new Pause(time);
        while (isAlive()) {
            long left = end - time.nanos();
            if (left <= 0) {
                return false;
            }
            pause.once(Duration.ofNanos(left));
        }
        return true;
    }

    /** 0 to 255, once the root has ended (128 + n after signal n); empty for a tree that this JVM has not started. */
    public OptionalInt exitCode() {
        return child == null || child.isAlive() ? OptionalInt.empty() : OptionalInt.of(child.exitValue());
    }

    /** What certainly lives of this tree now. */
    public List<Member> living() {
        return new Look(tree.look().members(), List.of()).survivors();
    }

    /**
     * Ends the whole tree: TERM, then after the grace KILL, until two looks in a row find nothing, at most 5 seconds. A
     * process of which it cannot be told whether it belongs (it is just being started, or hides) is not signalled but
     * looked at until it can be told, and named in the end if it cannot. Returns as soon as nothing lives; an interrupt
     * does not shorten it and is kept for the caller.
     *
     * @param grace how long it may take to end by itself; zero: none
     * @return what could not be ended, and what may belong to it; empty: nothing of the tree is alive
     */
    public List<Member> stop(Duration grace) {
        Look last = new Stopping(time, tree::look, tree.leads() ? tree.root() : -1).stop(grace);
        if (child != null && !isAlive()) {
            new Stopping(time, tree::look, -1).reap(child);
        }
        return last.survivors();
    }

    static String identityOfThisJvm() {
        long pid = ProcessHandle.current().pid();
        return TABLE.entry(pid).map(ProcessTree::identity).orElse(pid + "@0.0");
    }

    private static String identity(ProcessTable.Entry entry) {
        return entry.pid() + "@" + entry.started();
    }

    private static long pidOf(String identity) {
        if (!identity.matches("\\d{1,18}@\\d{1,20}\\.[0-9a-f]{1,8}")) {
            throw new IllegalArgumentException("\"" + identity + "\" is not the identity of a process: pid@start");
        }
        return Long.parseLong(identity.substring(0, identity.indexOf('@')));
    }

    private static void requireMarker(String marker) {
        if (!marker.matches("[A-Za-z0-9._:/-]{1,400}")) {
            throw new IllegalArgumentException("marker \"" + marker + "\": letters, digits and . _ : / -, at most 400");
        }
    }

    /** Checked here, since the JDK's own message would print the value. */
    private static void declare(Map<String, String> from, Map<String, String> to) {
        to.clear();
        from.forEach((name, value) -> {
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("environment variable \"" + name.replace('\0', '?')
                        + "\": a name has no = and neither name nor value have a NUL character");
            }
            to.put(name, value);
        });
    }

    private static File nothing() {
        return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
    }
}
