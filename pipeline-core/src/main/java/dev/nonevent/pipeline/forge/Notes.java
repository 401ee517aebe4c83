package dev.nonevent.pipeline.forge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The notes of the runs that one forge still has to be told about, a file each: {@code RUN.json}, written whole or not at
 * all, and {@code RUN.lock}, which the process of the run keeps locked until it is over. So a run is dead when its lock
 * can be had, whichever way its process ended, also in a container that is gone.
 *
 * <p>A lock belongs to the process, and closing any channel on its file drops it: what a process has itself it never opens
 * again.
 */
final class Notes {

    /** The keeper of what a run that is over could not tell. */
    static final String NOBODY = "";

    private static final String NOTE = ".json";
    private static final String LOCK = ".lock";

    private final Path directory;

    Notes(Path directory) {
        this.directory = directory;
    }

    /** This process. */
    String keeper() {
        return Keeper.self();
    }

    /** Keeps the lock of a run of this process until it is closed. */
    AutoCloseable hold(String run) throws IOException {
        Files.createDirectories(directory, ownerOnly("rwx------"));
        FileChannel lock = FileChannel.open(lock(run), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() == null) {
                throw new IOException("another process has " + lock(run));
            }
        } catch (IOException | OverlappingFileLockException taken) {
            lock.close();
            throw new IOException("somebody else tells the same of run " + run, taken);
        }
        return () -> {
            Files.deleteIfExists(lock(run));
            lock.close();
        };
    }

    void write(Note note) throws IOException {
        Path aside = directory.resolve(note.run() + ".new");
        Files.deleteIfExists(aside);
        Files.createFile(aside, ownerOnly("rw-------"));
        try (FileChannel file = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(note.json().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(aside, file(note.run()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory();
    }

    void remove(String run) throws IOException {
        if (Files.deleteIfExists(file(run))) {
            forceDirectory();
        }
    }

    /** Every note there is, the oldest run first; one that cannot be understood is put aside and told of. */
    List<Note> all(Consumer<? super String> tell) throws IOException {
        List<Note> all = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + NOTE)) {
                for (Path file : files) {
                    read(file, tell).ifPresent(all::add);
                }
            }
        }
        all.sort(Comparator.comparing(Note::run));
        return all;
    }

    /** The lock of a run whose process is dead; empty if it lives, or if somebody else is seeing to it already. */
    Optional<AutoCloseable> take(Note note) throws IOException {
        if (note.keeper().equals(keeper())) {
            return Optional.empty();
        }
        FileChannel lock = FileChannel.open(lock(note.run()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            taken = lock.tryLock() != null;
        } catch (OverlappingFileLockException seenToHere) {
            // Another recovery of this process has it.
            return Optional.empty();
        } finally {
            if (!taken) {
                lock.close();
            }
        }
        if (!taken) {
            return Optional.empty();
        }
        AutoCloseable given = () -> {
            Files.deleteIfExists(lock(note.run()));
            lock.close();
        };
        return Optional.of(given);
    }

    /** False if somebody else has seen to it since it was read. */
    boolean isThere(Note note) {
        return Files.exists(file(note.run()));
    }

    private Optional<Note> read(Path file, Consumer<? super String> tell) throws IOException {
        try {
            return Optional.of(Note.of(Files.readString(file)));
        } catch (NoSuchFileException seenTo) {
            return Optional.empty();
        } catch (IllegalArgumentException damaged) {
            Path aside = file.resolveSibling(file.getFileName() + ".damaged");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            tell.accept("what a run that was killed left to be told " + damaged.getMessage() + "; it was put into "
                    + aside + ", and its commit stays pending");
            return Optional.empty();
        }
    }

    private void forceDirectory() throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    private Path file(String run) {
        return directory.resolve(run + NOTE);
    }

    private Path lock(String run) {
        return directory.resolve(run + LOCK);
    }

    private FileAttribute<?>[] ownerOnly(String permissions) {
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
