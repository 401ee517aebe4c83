package dev.nonevent.pipeline.docker.contract;

import dev.nonevent.pipeline.docker.engine.Owner;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What one private engine occupies on the machine, by a number nobody else has: so that all of it can be found again. */
final class EngineSite {

    private static final int NUMBERS = 250;
    private static final String PREFIX = "nonevent-engine-";
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final Path PROC = Path.of("/proc");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Set<String> PROGRAMS =
            Set.of("dockerd", "containerd", "containerd-shim", "docker-proxy", "docker-init");

    private final int number;
    private final Path directory;

    private EngineSite(int number) {
        this.number = number;
        this.directory = TEMPORARY.resolve(PREFIX + number);
    }

    /** The first free one; before that, sites of dead processes are cleaned. */
    static synchronized EngineSite claim() throws IOException, InterruptedException {
        try (FileChannel lock = FileChannel.open(
                        TEMPORARY.resolve("nonevent-engines.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock held = lock.lock()) {
            removeAbandoned();
            return firstFree();
        }
    }

    private static EngineSite firstFree() throws IOException, InterruptedException {
        for (int number = 0; number < NUMBERS; number++) {
            EngineSite site = new EngineSite(number);
            // The kernel gives a name to one only.
            if (attempt("ip", "link", "add", site.bridge(), "type", "bridge") == 0) {
                site.furnish();
                return site;
            }
        }
        throw new IOException("no bridge nep0 to nep" + NUMBERS + " can be made");
    }

    private void furnish() throws IOException, InterruptedException {
        Files.createDirectory(directory);
        Files.writeString(owner(), Owner.self().orElseThrow().process());
        run("ip", "addr", "add", outside() + "/25", "dev", bridge());
        run("ip", "link", "set", bridge(), "up");
        // An engine on this machine may have forbidden what it does not know to be forwarded.
        run(rule("-I").toArray(String[]::new));
    }

    Path directory() {
        return directory;
    }

    String bridge() {
        return "nep" + number;
    }

    String cgroup() {
        return PREFIX + number;
    }

    /** A network namespace for one of several engines, connected to the bridge under {@link #address}. */
    Path addNamespace(int node) throws IOException, InterruptedException {
        String name = PREFIX + number + "-" + node;
        String outside = bridge() + "n" + node;
        run("ip", "netns", "add", name);
        run("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", name);
        run("ip", "link", "set", outside, "master", bridge(), "up");
        for (String inside :
                List.of("addr add " + address(node) + "/25 dev eth0", "link set lo up", "link set eth0 up")) {
            run(Stream.concat(Stream.of("ip", "-n", name), Stream.of(inside.split(" ")))
                    .toArray(String[]::new));
        }
        return NAMESPACES.resolve(name);
    }

    /** This machine, as its namespaces reach it. */
    String outside() {
        return "10.213." + number + ".1";
    }

    String address(int node) {
        return "10.213." + number + "." + (10 + node);
    }

    private void removeNamespaces() throws IOException, InterruptedException {
        if (!Files.isDirectory(NAMESPACES)) {
            return;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(NAMESPACES, PREFIX + number + "-*")) {
            for (Path each : found) {
                run("ip", "netns", "del", each.getFileName().toString());
            }
        }
    }

    /** Addresses of the networks made on it. */
    String pool() {
        return "10.213." + number + ".128/25";
    }

    /** The last of the pool, which it would give away last. */
    String subnet() {
        return "10.213." + number + ".240/28";
    }

    private Path owner() {
        return directory.resolve("owner");
    }

    private List<String> rule(String verb) {
        String all = "10.213." + number + ".0/24";
        return List.of("iptables", "-w", verb, "FORWARD", "-s", all, "-d", all, "-j", "ACCEPT");
    }

    private static void removeAbandoned() throws IOException, InterruptedException {
        Owner self = Owner.self().orElseThrow();
        try (DirectoryStream<Path> sites = Files.newDirectoryStream(TEMPORARY, PREFIX + "*")) {
            for (Path each : sites) {
                Path owner = each.resolve("owner");
                if (Files.isRegularFile(owner) && self.isGone(Files.readString(owner))) {
                    new EngineSite(Integer.parseInt(
                                    each.getFileName().toString().substring(PREFIX.length())))
                            .leave();
                }
            }
        }
    }

    /** Gives everything back; what cannot be removed is thrown. */
    void leave() throws IOException, InterruptedException {
        killPrograms();
        killContainers();
        unmount();
        removeNamespaces();
        for (String name : interfaces()) {
            attempt("ip", "link", "del", name);
        }
        attempt(rule("-D").toArray(String[]::new));
        removeCgroups();
        removeDirectory();
        // Last, because whoever has the bridge has the number.
        run("ip", "link", "del", bridge());
    }

    private void killPrograms() throws IOException, InterruptedException {
        for (long deadline = soon(); ; Thread.sleep(20)) {
            List<Long> alive = processes(pid -> PROGRAMS.stream().anyMatch(read(pid, "comm")::startsWith)
                    && (read(pid, "cmdline") + "\0").contains(directory + "/"));
            if (alive.isEmpty()) {
                return;
            }
            kill(alive, deadline);
        }
    }

    /** Every process in a container of it. */
    void killContainers() throws IOException, InterruptedException {
        killContainers(cgroup());
    }

    /** Every process in a container below a control group. */
    void killContainers(String cgroup) throws IOException, InterruptedException {
        for (long deadline = soon(); ; Thread.sleep(20)) {
            List<Long> alive = processes(pid -> read(pid, "cgroup").contains("/" + cgroup + "/"));
            if (alive.isEmpty()) {
                return;
            }
            kill(alive, deadline);
        }
    }

    private static void kill(List<Long> pids, long deadline) throws IOException {
        if (System.nanoTime() > deadline) {
            throw new IOException("processes of a private engine do not die: " + pids);
        }
        pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private void unmount() throws IOException, InterruptedException {
        List<String> mounts = new ArrayList<>(Files.readAllLines(PROC.resolve("self/mountinfo")).stream()
                .map(line -> line.split(" ")[4])
                .filter(target -> Path.of(target).startsWith(directory))
                .toList());
        Collections.reverse(mounts);
        for (String each : mounts) {
            if (attempt("umount", each) != 0) {
                run("umount", "--lazy", each);
            }
        }
    }

    /** Bridges of networks made on it: their addresses are its own. */
    private List<String> interfaces() throws IOException {
        return NetworkInterface.networkInterfaces()
                .filter(each -> each.inetAddresses()
                        .anyMatch(address -> address instanceof Inet4Address
                                && address.getHostAddress().startsWith("10.213." + number + ".")))
                .map(NetworkInterface::getName)
                .filter(name -> !name.equals(bridge()))
                .toList();
    }

    private void removeCgroups() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> controllers = Files.newDirectoryStream(CGROUPS, Files::isDirectory)) {
            for (Path each : controllers) {
                found.add(each.resolve(cgroup()));
            }
        }
        found.add(CGROUPS.resolve(cgroup()));
        for (Path each : found) {
            if (Files.isDirectory(each)) {
                try (Stream<Path> all = Files.walk(each)) {
                    for (Path group : all.filter(Files::isDirectory)
                            .sorted(Comparator.reverseOrder())
                            .toList()) {
                        Files.deleteIfExists(group);
                    }
                }
            }
        }
    }

    private void removeDirectory() throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    private interface Which {
        boolean is(String pid) throws IOException;
    }

    private static List<Long> processes(Which which) throws IOException {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path each : all) {
                String pid = each.getFileName().toString();
                // A zombie is dead already; its parent has not asked yet.
                if (!read(pid, "stat").matches("(?s).*\\) Z .*") && which.is(pid)) {
                    found.add(Long.parseLong(pid));
                }
            }
        }
        return found;
    }

    /** Empty if the process is gone. */
    private static String read(String pid, String file) {
        try {
            return Files.readString(PROC.resolve(pid).resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    private static long soon() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    }

    static Optional<Path> program(String name) {
        return Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin")
                .map(each -> Path.of(each, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static void run(String... argv) throws IOException, InterruptedException {
        if (attempt(argv) != 0) {
            throw new IOException(String.join(" ", argv) + " failed");
        }
    }

    private static int attempt(String... argv) throws IOException, InterruptedException {
        String[] resolved = argv.clone();
        resolved[0] = program(argv[0])
                .orElseThrow(() -> new NoSuchFileException(argv[0]))
                .toString();
        Process process = new ProcessBuilder(resolved)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", argv) + " does not end");
        }
        return process.exitValue();
    }
}
