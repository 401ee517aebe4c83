package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.switchboard.PrivateFile;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Where the control socket is: in the home, or in a short private directory if the home's path is too long for a socket
 * (about 100 bytes); then the home says where. A new daemon's socket replaces the old one's in one step, so nobody who
 * looks finds none between them.
 */
final class ControlPath {

    private static final int LONGEST = 100;
    private static final String LONGEST_NAME = "control.next.sock";

    private final Path home;
    private final Path socket;
    private final Path pointer;

    ControlPath(Path home) {
        this.home = home;
        this.socket = home.resolve("control.sock");
        this.pointer = home.resolve("control.path");
    }

    /** A socket that listens, and is not yet where callers look. */
    record Prepared(ServerSocketChannel listener, Path place) {}

    /** Where a daemon listens, if one did. */
    Optional<UnixDomainSocketAddress> existing() throws IOException {
        Path place = recorded().orElse(socket);
        return Files.exists(place) ? Optional.of(UnixDomainSocketAddress.of(place)) : Optional.empty();
    }

    /** For the daemon that holds the home's lock. */
    Prepared prepare() throws IOException {
        Path place = fits() ? home.resolve(LONGEST_NAME) : elsewhere().resolve("control.sock");
        Files.deleteIfExists(place);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(place));
        PrivateFile.restrict(place);
        return new Prepared(listener, place);
    }

    /** From here on callers find it, and nobody finds the one before. */
    void publish(Prepared prepared) throws IOException {
        if (fits()) {
            Files.move(prepared.place(), socket, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Optional<Path> former = recorded();
        PrivateFile.replace(pointer, (prepared.place() + "\n").getBytes(StandardCharsets.UTF_8));
        removeElsewhere(former);
    }

    void remove() throws IOException {
        removeElsewhere(recorded());
        Files.deleteIfExists(pointer);
        Files.deleteIfExists(socket);
    }

    /** A private directory whose path is short enough for a socket. */
    Path shortDirectory() throws IOException {
        return fits() ? home : elsewhere();
    }

    private boolean fits() {
        return home.resolve(LONGEST_NAME).toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    private static Path elsewhere() throws IOException {
        return Files.createTempDirectory("router-");
    }

    private static void removeElsewhere(Optional<Path> place) throws IOException {
        if (place.isPresent()) {
            Files.deleteIfExists(place.get());
            Files.deleteIfExists(place.get().toAbsolutePath().getParent());
        }
    }

    private Optional<Path> recorded() throws IOException {
        try {
            return Optional.of(Path.of(Files.readString(pointer).strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
