package dev.nonevent.pipeline.bluegreen.proxy;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file that is there whole or not at all: written beside its place, forced, renamed, the directory forced. */
final class StateFile {

    private static final int LARGEST = 1024 * 1024;
    private static final int ROOM = 32 * 1024;

    private final Path file;

    StateFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    /** Empty if there is none. */
    Optional<String> read() throws IOException {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException("it has more than " + LARGEST + " bytes");
            }
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Like {@link #write}, with space that was set aside before: a full disk must not keep users on a bad release. */
    void writeWithRoom(String text) {
        Path room = file.resolveSibling(file.getFileName() + ".room");
        try {
            write(text);
        } catch (InfrastructureException full) {
            if (!wasGivenUp(room)) {
                throw full;
            }
            write(text);
        }
        setAside(room);
    }

    private static boolean wasGivenUp(Path room) {
        try {
            return Files.deleteIfExists(room);
        } catch (IOException e) {
            return false;
        }
    }

    /** What was written is written: without space for the next time, the next time says so. */
    private static void setAside(Path room) {
        try {
            if (Files.notExists(room)) {
                Files.write(room, new byte[ROOM]);
            }
        } catch (IOException full) {
            wasGivenUp(room);
        }
    }

    /** Keeps who may read it, if it was there. */
    void write(String text) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                if (Files.exists(file)) {
                    Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(file));
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new InfrastructureException(
                    file + " could not be written (" + e.getMessage()
                            + "): this user needs room there, and a directory in which it may write",
                    e);
        }
    }
}
