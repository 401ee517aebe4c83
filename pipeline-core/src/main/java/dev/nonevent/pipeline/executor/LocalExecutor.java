package dev.nonevent.pipeline.executor;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Carries commands out on this machine, as the user who runs this JVM.
 *
 * <p>A command gets the machine's PATH, LANG (else {@code C.UTF-8}) and TZ (else {@code UTC}), an empty HOME of its own
 * that is deleted after it, and what it declares; its standard input is empty. What it prints reaches the output within
 * about 20 ms, in order and complete, on the calling thread.
 *
 * <p>It runs as a {@link ProcessTree}: whatever it leaves behind when it ends, runs out of time or is interrupted is
 * asked to end, and killed after 5 seconds. More than 1 GiB of output stops it as well. This keeps apart what runs; it
 * is no sandbox: run what you do not trust in a container.
 */
public final class LocalExecutor implements CommandExecutor {

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final long MOST_OUTPUT = 1L << 30;
    private static final Duration IDLE = Duration.ofMillis(250);

    private final TimeSource time;
    private final Map<String, String> machine;
    private final Duration grace;
    private final long mostOutput;

    LocalExecutor(TimeSource time, Map<String, String> machine, Duration grace, long mostOutput) {
        this.time = time;
        this.machine = Map.copyOf(machine);
        this.grace = grace;
        this.mostOutput = mostOutput;
    }

    /** This machine, with the PATH, LANG and TZ of this JVM. */
    public static LocalExecutor local() {
        return new LocalExecutor(TimeSource.system(), System.getenv(), GRACE, MOST_OUTPUT);
    }

    /**
     * How much one command may print before it is stopped; 1 GiB if not said. It lies in a file of the temporary directory
     * as long as the command runs.
     *
     * @param bytes at least 1
     */
    public LocalExecutor mostOutput(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a command must be allowed to print something, was " + bytes + " bytes");
        }
        return new LocalExecutor(time, machine, grace, bytes);
    }

    /**
     * The marker that the markers of all commands of this JVM continue: with it {@link ProcessTree#stopMarked} ends every one,
     * for when there is no time to interrupt who waits for them.
     */
    public static String marker() {
        return marker(System.getenv());
    }

    /**
     * Ends what the commands of a JVM that was killed have left running, and waits until it is gone. Nothing of a JVM that
     * lives: its commands are its own to end.
     *
     * @param marker what {@link #marker()} was in that JVM
     * @return what was ended
     * @throws InfrastructureException if some of it cannot be ended
     */
    public static List<ProcessTree.Member> endLeftBy(String marker) {
        String jvm = marker.substring(marker.lastIndexOf('/') + 1).replaceFirst("^jvm-(\\d+)-", "$1@");
        if (ProcessTree.find(jvm).isPresent()) {
            return List.of();
        }
        List<ProcessTree.Member> left = ProcessTree.withMarker(marker);
        List<ProcessTree.Member> survivors = left.isEmpty() ? left : ProcessTree.stopMarked(marker, GRACE);
        if (!survivors.isEmpty()) {
            throw new InfrastructureException(
                    "commands of a process that was killed still run: " + survivors + "; end them by hand");
        }
        return left;
    }

    @Override
    public CommandResult run(Command command, CommandOutput output) throws InterruptedException {
        try (Scratch scratch = Scratch.create();
                Tail tail = new Tail(command.line(), scratch.output(), output, mostOutput)) {
            Instant startedAt = startOfEvidence(scratch);
            long startedNanos = time.nanos();
            ProcessTree tree = start(command, scratch);
            try {
                boolean ended = follow(command, tree, tail, startedNanos);
                String survivors = stop(tree);
                tail.passAll();
                check(command, tree, tail, ended, survivors);
            } catch (InterruptedException e) {
                String survivors = stop(tree);
                tail.passAll();
                throw new InterruptedException(command.line() + " was interrupted and stopped" + survivors);
            } catch (RuntimeException | Error e) {
                stop(tree);
                throw e;
            }
            Duration took = Duration.ofNanos(time.nanos() - startedNanos);
            int exitCode = tree.exitCode().orElseThrow();
            return new CommandResult(command.argv(), exitCode, command.directory(), startedAt, took, tail.lastLines());
        }
    }

    @Override
    public boolean readsThisMachine() {
        return true;
    }

    @Override
    public String description() {
        return "this machine";
    }

    /**
     * Files get their time from a coarser clock than ours, which lags by some milliseconds: a report written at once
     * would look older than its command. The file we have just made has its time from the same clock.
     */
    private Instant startOfEvidence(Scratch scratch) {
        Instant now = time.now();
        Instant coarse = scratch.createdAt();
        return coarse.isBefore(now) ? coarse : now;
    }

    private ProcessTree start(Command command, Scratch scratch) {
        return ProcessTree.start(
                command.argv(),
                command.directory(),
                environment(command, scratch),
                scratch.output(),
                marker(machine) + "/" + scratch.name());
    }

    /** Inside a command of another pipeline our marker continues its, so that its stop finds ours too. */
    private static String marker(Map<String, String> machine) {
        String ours = "jvm-" + ProcessTree.identityOfThisJvm().replace('@', '-');
        String outer = machine.getOrDefault(ProcessTree.VARIABLE, "");
        return outer.isEmpty() || outer.length() > 250 ? ours : outer + "/" + ours;
    }

    private Map<String, String> environment(Command command, Scratch scratch) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", Program.path(machine));
        environment.put("HOME", scratch.home().toString());
        environment.put("LANG", machine.getOrDefault("LANG", "C.UTF-8"));
        environment.put("TZ", machine.getOrDefault("TZ", "UTC"));
        environment.putAll(command.environment());
        return environment;
    }

    /** @return whether it ended by itself within its time */
    private boolean follow(Command command, ProcessTree tree, Tail tail, long startedNanos)
            throws InterruptedException {
        Pause pause = new Pause(time);
        long lastNanos = startedNanos;
        while (true) {
            boolean passed = tail.pass();
            Duration wait = Duration.ZERO;
            if (passed) {
                pause = new Pause(time);
                lastNanos = time.nanos();
            } else {
                wait = pause.next();
                if (time.nanos() - lastNanos >= IDLE.toNanos()) {
                    tail.idle();
                }
            }
            if (command.timeout().isPresent()) {
                Duration left = command.timeout().get().minusNanos(time.nanos() - startedNanos);
                if (left.isNegative() || left.isZero()) {
                    return false;
                }
                wait = Pause.shorter(wait, left);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (!passed && tree.waitFor(wait)) {
                return true;
            }
        }
    }

    private String stop(ProcessTree tree) {
        List<ProcessTree.Member> survivors = tree.stop(grace);
        return survivors.isEmpty() ? "" : "; still alive, end them by hand: " + survivors;
    }

    private static void check(Command command, ProcessTree tree, Tail tail, boolean ended, String survivors) {
        if (!ended) {
            throw new CommandTimedOutException(command.line() + " took longer than "
                    + command.timeout().map(Durations::words).orElse("it may") + " and was stopped" + survivors);
        }
        if (!survivors.isEmpty()) {
            throw new InfrastructureException(command.line() + " ended but left processes behind" + survivors);
        }
        boolean neverRan = tree.exitCode().orElse(0) == 126 || tree.exitCode().orElse(0) == 127;
        if (neverRan && tail.lastLines().toString().startsWith("[setsid: ")) {
            throw new InfrastructureException("cannot start " + command.argv().get(0) + ": the system refused it ("
                    + tail.lastLines().get(0) + "); see whether it starts by hand");
        }
    }
}
