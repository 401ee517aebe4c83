package dev.nonevent.pipeline.bluegreen.router.daemon;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Where the control socket is: in the home, or in a short private directory if the home's path is too long for a socket
 * (about 100 bytes); then the home says where.
 */
final class ControlPath {

    private static final int LONGEST = 100;

    private final Path home;
    private final Path pointer;

    ControlPath(Path home) {
        this.home = home;
        this.pointer = home.resolve("control.path");
    }

    /** Where a daemon listens, if one did. */
    Optional<UnixDomainSocketAddress> existing() throws IOException {
        Path socket = recorded().orElse(home.resolve("control.sock"));
        return Files.exists(socket) ? Optional.of(UnixDomainSocketAddress.of(socket)) : Optional.empty();
    }

    /** Where the daemon that holds the home's lock may listen; what a dead one left is removed. */
    UnixDomainSocketAddress fresh() throws IOException {
        remove();
        Path socket = home.resolve("control.sock");
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
            return UnixDomainSocketAddress.of(socket);
        }
        Path elsewhere = Files.createTempDirectory("router-").resolve("control.sock");
        Path next = home.resolve("control.path.next");
        Files.writeString(next, elsewhere + "\n");
        Files.move(next, pointer, StandardCopyOption.ATOMIC_MOVE);
        return UnixDomainSocketAddress.of(elsewhere);
    }

    void remove() throws IOException {
        Optional<Path> elsewhere = recorded();
        if (elsewhere.isPresent()) {
            Files.deleteIfExists(elsewhere.get());
            Files.deleteIfExists(elsewhere.get().toAbsolutePath().getParent());
            Files.deleteIfExists(pointer);
        }
        Files.deleteIfExists(home.resolve("control.sock"));
    }

    private Optional<Path> recorded() throws IOException {
        try {
            return Optional.of(Path.of(Files.readString(pointer).strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
