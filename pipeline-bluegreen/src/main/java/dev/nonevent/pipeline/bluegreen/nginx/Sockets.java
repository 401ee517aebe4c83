package dev.nonevent.pipeline.bluegreen.nginx;

import dev.nonevent.pipeline.bluegreen.proxy.Endpoint;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The TCP sockets of a process, as Linux shows them. */
final class Sockets {

    private static final Path PROC = Path.of("/proc");
    private static final int CONNECTED = 1;
    private static final int CONNECTING = 2;
    private static final int LISTENING = 10;
    private static final String WAITS_FOR_ITS_END = " 06 00000000:00000000 ";
    private static final int HEX = 16;
    private static final int WORD = 4;

    private Sockets() {}

    /** A line of the kernel's table. */
    private record Socket(InetAddress remote, int remotePort, int state, String inode) {}

    /** How many connections it has, or is making, to there; 0 if it has ended. */
    static long connectionsTo(long pid, Endpoint endpoint) {
        return of(pid).stream()
                .filter(socket -> socket.state() == CONNECTED || socket.state() == CONNECTING)
                .filter(socket -> socket.remotePort() == endpoint.port())
                .filter(socket -> socket.remote().getHostAddress().equals(endpoint.ip()))
                .count();
    }

    /** Whether it still takes connections at any of its ports. */
    static boolean listens(long pid) {
        return of(pid).stream().anyMatch(socket -> socket.state() == LISTENING);
    }

    private static Collection<Socket> of(long pid) {
        try {
            Set<String> own = inodes(pid);
            Map<String, Socket> sockets = new HashMap<>();
            for (String table : List.of("tcp", "tcp6")) {
                Path file = PROC.resolve(pid + "/net/" + table);
                if (Files.exists(file)) {
                    try (Stream<String> lines = Files.lines(file, StandardCharsets.US_ASCII)) {
                        sockets.putAll(in(lines, own));
                    }
                }
            }
            return sockets.values();
        } catch (IOException | UncheckedIOException e) {
            if (!Files.exists(PROC.resolve(String.valueOf(pid)))) {
                return List.of();
            }
            throw new TrafficUnknownException(
                    "the connections of nginx's process " + pid + " cannot be seen (" + e
                            + "): deploy as root or as the user of nginx's workers, on its machine",
                    e);
        }
    }

    /**
     * The sockets of one table that are ours, each once: while other connections come, the kernel shows its last lines several
     * times. Of those that only wait for their time to be over, no process has any, and a busy machine has a hundred thousand.
     */
    private static Map<String, Socket> in(Stream<String> table, Set<String> own) {
        Map<String, Socket> sockets = new HashMap<>();
        table.skip(1)
                .filter(line -> !line.contains(WAITS_FOR_ITS_END))
                .map(Sockets::parse)
                .filter(socket -> own.contains(socket.inode()))
                .forEach(socket -> sockets.put(socket.inode(), socket));
        return sockets;
    }

    private static Set<String> inodes(long pid) throws IOException {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
            for (Path file : files) {
                String link = link(file);
                if (link.startsWith("socket:[")) {
                    inodes.add(link.substring("socket:[".length(), link.length() - 1));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return inodes;
    }

    /** Empty if it was closed meanwhile. */
    private static String link(Path file) throws IOException {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (NoSuchFileException closed) {
            return "";
        }
    }

    private static Socket parse(String line) {
        String[] words = line.strip().split("\\s+", -1);
        String[] remote = words[2].split(":", -1);
        return new Socket(
                address(remote[0]), Integer.parseInt(remote[1], HEX), Integer.parseInt(words[3], HEX), words[9]);
    }

    /** The kernel prints each four bytes as a number of this machine. */
    private static InetAddress address(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        ByteBuffer turned = ByteBuffer.allocate(bytes.length);
        for (int i = 0; i < bytes.length; i += WORD) {
            int word = ByteBuffer.wrap(Arrays.copyOfRange(bytes, i, i + WORD)).getInt();
            turned.putInt(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(word) : word);
        }
        try {
            return InetAddress.getByAddress(turned.array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(hex + " is an address of the kernel", e);
        }
    }
}
