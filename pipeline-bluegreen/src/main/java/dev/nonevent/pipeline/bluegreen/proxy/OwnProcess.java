package dev.nonevent.pipeline.bluegreen.proxy;

import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.executor.ProcessTree;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A proxy as a process of the application's own, in its home: in a session of its own, so it outlives the deployer, and found
 * again by a mark in its environment.
 */
public final class OwnProcess {

    private static final Duration READY_WITHIN = Duration.ofSeconds(15);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final int QUOTED = 2_000;
    private static final List<String> PASSED_ON = List.of("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR");
    /** Where Debian keeps servers; seldom on the PATH of a user. */
    private static final List<String> SERVERS = List.of("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin");

    private static final String PORT = "port";

    private final String name;
    private final Path home;
    private final TimeSource time;

    /** @param name of the program, for its files, its mark and our sentences */
    public OwnProcess(String name, Path home, TimeSource time) {
        this.name = name;
        this.home = home.toAbsolutePath().normalize();
        this.time = time;
    }

    public Path home() {
        return home;
    }

    /** Makes the home if it is missing; what exists becomes private. */
    public void prepareHome() {
        try {
            Files.createDirectories(home);
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new InfrastructureException(
                    name + " cannot work in " + home + " (" + e.getMessage()
                            + "): give it a directory that this user may write",
                    e);
        }
    }

    /** One deployer at a time finds or starts it: two would pick two ports. The home is there. */
    public <T> T alone(Undisturbed.Work<T> work) {
        return new Turn(home.resolve(name + ".lock"), time).take(work);
    }

    /** Where the program is, on the PATH or where servers are. */
    public static Path program(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(":", -1)), SERVERS.stream())
                .filter(place -> !place.isBlank())
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new InfrastructureException("there is no " + name
                        + " on this machine: install it, or use the router, which needs nothing else"));
    }

    /**
     * Whether it answers; one that lives and does not answer yet is waited for.
     *
     * @throws TrafficUnknownException if it lives and stays silent: a second one beside it would make it worse
     */
    public boolean isUp(BooleanSupplier answers) throws InterruptedException {
        long began = time.nanos();
        while (!answers.getAsBoolean()) {
            if (root().isEmpty()) {
                return false;
            }
            if (time.nanos() - began > READY_WITHIN.toNanos()) {
                refuseSilent();
            }
            time.sleep(LOOK_AGAIN);
        }
        return true;
    }

    /** Called when it does not answer: that is nobody only if its process has ended. */
    public void refuseSilent() {
        root().ifPresent(process -> {
            throw new TrafficUnknownException(name + " of " + home + " lives as process " + process.pid()
                    + " and does not answer: wait for it, or end it, and the next deployment starts it again");
        });
    }

    /** Returns once it answers. */
    public void start(List<String> argv, BooleanSupplier answers) throws InterruptedException {
        Path output = home.resolve(name + ".out");
        try {
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new InfrastructureException(name + " cannot be started in " + home, e);
        }
        ProcessTree process = remembered(ProcessTree.start(argv, home, environment(), output, marker()));
        long began = time.nanos();
        while (!answers.getAsBoolean()) {
            if (!process.isAlive() || time.nanos() - began > READY_WITHIN.toNanos()) {
                process.stop(GRACE);
                throw new InfrastructureException(name + " did not start in " + home + ": " + lastWords(output));
            }
            time.sleep(LOOK_AGAIN);
        }
    }

    /** Whoever does not find it again starts another one beside it. */
    private ProcessTree remembered(ProcessTree process) {
        return Undisturbed.run(() -> {
            new StateFile(home.resolve(name + ".process")).write(process.identity() + "\n");
            return process;
        });
    }

    /** Returns when no process of it is left. */
    public void stop() {
        List<ProcessTree.Member> left = new ArrayList<>();
        root().ifPresent(process -> left.addAll(process.stop(GRACE)));
        left.addAll(ProcessTree.stopMarked(marker(), GRACE));
        if (!left.isEmpty()) {
            throw new InfrastructureException(name + " of " + home + " was told to end, and " + left + " did not");
        }
    }

    /** By its identity: some proxies write the name of what they do over their environment, and the mark is lost with it. */
    private Optional<ProcessTree> root() {
        try {
            return new StateFile(home.resolve(name + ".process"))
                    .read()
                    .flatMap(identity -> ProcessTree.find(identity.strip(), marker()));
        } catch (IOException | IllegalArgumentException e) {
            throw new InfrastructureException("which process is " + name + " cannot be read in " + home, e);
        }
    }

    /** Refuses another port than the one it already listens on. */
    public void refuseOtherPort(int wanted, BooleanSupplier answers) {
        OptionalInt kept = keptPort();
        if (wanted == 0
                || kept.isEmpty()
                || kept.getAsInt() == wanted
                || !(answers.getAsBoolean() || root().isPresent())) {
            return;
        }
        throw new InfrastructureException(name + " of " + home + " runs on port " + kept.getAsInt() + ", and port "
                + wanted + " is declared: declare " + kept.getAsInt() + ", or shut the running one down first");
    }

    /** Where users come in, by what was kept; empty if it was never started here. */
    public OptionalInt keptPort() {
        return keptPort(PORT);
    }

    /** The port that is kept under this name. */
    public OptionalInt keptPort(String file) {
        Path kept = home.resolve(file);
        try {
            Optional<String> text = new StateFile(kept).read();
            return text.isEmpty()
                    ? OptionalInt.empty()
                    : OptionalInt.of(Integer.parseInt(text.get().strip()));
        } catch (IOException | NumberFormatException e) {
            throw new InfrastructureException(
                    "the port in " + kept + " cannot be read: write the port into it, or remove it", e);
        }
    }

    /** Where users are to come in. */
    public int port(int wanted) {
        return port(PORT, wanted);
    }

    /** The port to listen on: the wanted one, or any free one, kept under this name so that users find it again. */
    public int port(String file, int wanted) {
        OptionalInt known = keptPort(file);
        if (known.isPresent() && (wanted == 0 || wanted == known.getAsInt())) {
            return known.getAsInt();
        }
        int port = wanted == 0 ? anyFreePort() : wanted;
        new StateFile(home.resolve(file)).write(port + "\n");
        return port;
    }

    private static int anyFreePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new InfrastructureException("there is no free port on 127.0.0.1 (" + e.getMessage() + ")", e);
        }
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        for (String variable : PASSED_ON) {
            String value = System.getenv(variable);
            if (value != null) {
                environment.put(variable, value);
            }
        }
        return environment;
    }

    private String marker() {
        return name + "/" + UUID.nameUUIDFromBytes(home.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String lastWords(Path output) {
        try {
            String said = Files.exists(output) ? Files.readString(output).strip() : "";
            return said.isEmpty() ? "it said nothing" : said.substring(Math.max(0, said.length() - QUOTED));
        } catch (IOException e) {
            return "what it said cannot be read from " + output;
        }
    }
}
