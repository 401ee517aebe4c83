package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.switchboard.PrivateFile;
import dev.nonevent.pipeline.executor.ProcessTree;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Starts the daemon in a session of its own, and waits until it answers or has said why it cannot. */
public final class DaemonProcess {

    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final long LARGEST_OUTPUT = 256 * 1024;
    private static final String NO_NATIVE = "io.netty.transport.noNative";
    private static final int NATIVE_ACCESS_IS_ASKED_FOR = 22;
    private static final int QUOTED = 2_000;
    private static final List<String> PASSED_ON = List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR");

    private final Path home;
    private final String classPath;
    private final Path output;
    private final Path failure;
    private final TimeSource time = TimeSource.system();

    public DaemonProcess(Path home, String classPath) {
        this.home = home;
        this.classPath = classPath;
        this.output = home.resolve("router.out");
        this.failure = home.resolve(RouterDaemon.FAILURE);
    }

    /**
     * Returns once the daemon answers, or when it has ended since somebody else was quicker. It takes over from one that is
     * at work already.
     *
     * @throws InfrastructureException with its sentence if it cannot start
     */
    public void start(String application, Settings settings, BooleanSupplier answers) throws InterruptedException {
        forgetTheLastStart();
        String start = UUID.randomUUID().toString();
        Path candidate = home.resolve("settings." + start + ".next");
        List<String> command = command();
        new SettingsFile(home, candidate).write(SettingsFile.Declared.of(application, settings, command));
        try {
            start(commandLine(command, candidate), marker(home) + "/" + start, answers);
        } finally {
            remove(candidate);
        }
    }

    /** Whoever is interrupted meanwhile would leave one that nobody finds until it answers: so the interrupt has to wait. */
    private void start(List<String> commandLine, String marker, BooleanSupplier answers) throws InterruptedException {
        ProcessTree daemon = ProcessTree.start(commandLine, home, environment(), output, marker);
        long until = time.nanos() + READY_WITHIN.toNanos();
        boolean interrupted = false;
        try {
            while (!answers.getAsBoolean()) {
                if (!daemon.isAlive() && !answers.getAsBoolean()) {
                    if (foundAnother(daemon)) {
                        return;
                    }
                    throw notStarted("");
                }
                if (time.nanos() > until) {
                    daemon.stop(GRACE);
                    throw notStarted("it did not answer within " + READY_WITHIN.toSeconds() + " s: ");
                }
                interrupted |= !slept();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** False if an interrupt ended it, which is forgotten then. */
    private boolean slept() {
        try {
            time.sleep(LOOK_AGAIN);
            return true;
        } catch (InterruptedException again) {
            return false;
        }
    }

    /**
     * Returns when no process of the home's daemon is left; one that does not end by itself is stopped. An interrupt does not
     * leave half of it behind, and is kept for the caller.
     */
    static void awaitEnd(Path home) {
        TimeSource time = TimeSource.system();
        long until = time.nanos() + GRACE.toNanos();
        boolean interrupted = false;
        try {
            while (!ProcessTree.withMarker(marker(home)).isEmpty()) {
                try {
                    if (time.nanos() < until) {
                        time.sleep(LOOK_AGAIN);
                    } else {
                        stopWhatIsLeft(home);
                        return;
                    }
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void stopWhatIsLeft(Path home) throws InterruptedException {
        List<ProcessTree.Member> left = ProcessTree.stopMarked(marker(home), GRACE);
        if (!left.isEmpty()) {
            throw new InfrastructureException("the router of " + home + " was told to end, and " + left + " did not");
        }
    }

    /** A router that serves its users although its home was removed: so nobody can reach it there any more. */
    static Optional<Long> lost(Path home) {
        return ProcessTree.withMarker(marker(home)).stream()
                .map(ProcessTree.Member::pid)
                .filter(pid -> worksElsewhere(pid, home))
                .findFirst();
    }

    /** It was started in its home, so that it still is in what was there then. */
    private static boolean worksElsewhere(long pid, Path home) {
        Path directory = Path.of("/proc", Long.toString(pid), "cwd");
        try {
            return Files.exists(directory) && !(Files.exists(home) && Files.isSameFile(directory, home));
        } catch (IOException e) {
            // it has just ended
            return false;
        }
    }

    /** One that ended in peace has found another at work, or about to be. That it ended may be seen before how. */
    private static boolean foundAnother(ProcessTree daemon) throws InterruptedException {
        daemon.waitFor(GRACE);
        return daemon.exitCode().orElse(1) == 0;
    }

    private static List<String> commandLine(List<String> command, Path candidate) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(command);
        line.addAll(List.of("--settings", candidate.toString()));
        return line;
    }

    private static void remove(Path candidate) {
        try {
            Files.deleteIfExists(candidate);
        } catch (IOException e) {
            throw new InfrastructureException(candidate + " cannot be removed: " + e, e);
        }
    }

    /**
     * A small heap and the simplest collector: quick to start, and little to carry for years. What requests leave behind
     * has most of the room: where processors are short a collection waits for one, for milliseconds, and all users with it.
     */
    private List<String> command() {
        List<String> line = new ArrayList<>(List.of(
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-Xms80m",
                "-Xmn64m",
                "-Xmx160m",
                "-XX:MaxDirectMemorySize=256m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-Dio.netty.leakDetection.level=disabled",
                "-Djdk.tls.rejectClientInitiatedRenegotiation=true",
                "-Dslf4j.internal.verbosity=ERROR",
                // not /tmp, which may be mounted so that nothing in it runs
                "-Dio.netty.native.workdir=" + home));
        if (Runtime.version().feature() >= NATIVE_ACCESS_IS_ASKED_FOR) {
            line.add("--enable-native-access=ALL-UNNAMED");
        }
        if (Boolean.getBoolean(NO_NATIVE)) {
            line.add("-D" + NO_NATIVE + "=true");
        }
        line.addAll(List.of("-cp", classPath, RouterDaemon.class.getName()));
        line.addAll(List.of("--home", home.toString()));
        return line;
    }

    /** Nothing that could hold a secret of the deployer. */
    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        for (String name : PASSED_ON) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        return environment;
    }

    /** Of the daemon's process tree. */
    public static String marker(Path home) {
        return "router/" + UUID.nameUUIDFromBytes(home.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void forgetTheLastStart() {
        try {
            Files.deleteIfExists(failure);
            if (Files.exists(output) && Files.size(output) > LARGEST_OUTPUT) {
                Files.delete(output);
            }
            // before the process is given it, which would make it as the umask says
            PrivateFile.append(output, "");
        } catch (IOException e) {
            throw new InfrastructureException("the router cannot be started in " + home, e);
        }
    }

    private InfrastructureException notStarted(String why) {
        try {
            if (Files.exists(failure)) {
                return new InfrastructureException(Files.readString(failure).strip());
            }
            String said = Files.exists(output) ? Files.readString(output).strip() : "";
            String end = said.substring(Math.max(0, said.length() - QUOTED));
            return new InfrastructureException("the router did not start: " + why
                    + (end.isEmpty() ? "it said nothing" : end) + "; all it said is in " + output);
        } catch (IOException e) {
            return new InfrastructureException("the router did not start, and " + output + " cannot be read", e);
        }
    }
}
