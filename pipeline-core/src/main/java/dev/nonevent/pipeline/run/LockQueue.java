package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.executor.LocalExecutor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The queue before one lock, for every process under one home: {@code locks/<name>/<number>.place}, one file for each that
 * stands in it. The file is locked by the process whose place it is, so that a process that dies leaves the queue, as soon as
 * the commands are ended that it has left running; the first that lives has the lock.
 *
 * <p>A POSIX lock belongs to the process, and closing any channel on the locked file drops it. So a place of this process is
 * never opened again, which only a registry of the whole JVM can hold, and what people and others read lies in a second file
 * beside it. Places are given and looked at by one process at a time ({@code guard}); nobody ever waits for that one, but comes
 * again. Nothing in here is cut short by an interrupt.
 */
final class LockQueue {

    /** Guarded by {@link #ONE_AT_A_TIME}, as is every channel in here. */
    private static final Set<Path> PLACES_OF_THIS_JVM = ConcurrentHashMap.newKeySet();

    private static final Object ONE_AT_A_TIME = new Object();
    private static final String PLACE = ".place";
    private static final int MOST_BYTES = 4_096;

    private final Path directory;

    LockQueue(Path home, String lock) {
        this.directory = home.resolve("locks").resolve(lock);
    }

    /** Somebody before another in the queue. */
    record Before(Path place, LockTicket ticket) {}

    /** A place in the queue, held until it is left. */
    final class Place {

        private final Path file;
        private final FileChannel locked;

        private Place(Path file, FileChannel locked) {
            this.file = file;
            this.locked = locked;
        }

        private void take() throws IOException {
            if (locked.tryLock() == null) {
                throw new IOException(file + " is new, and somebody else has locked it");
            }
        }

        /** Those before it that live, the first one first; empty if somebody else is looking at this moment. */
        Optional<List<Before>> before() throws IOException {
            return guarded(() -> {
                List<Before> before = new ArrayList<>();
                for (Path other : places()) {
                    if (other.compareTo(file) < 0) {
                        alive(other).ifPresent(ticket -> before.add(new Before(other, ticket)));
                    }
                }
                return before;
            });
        }

        /** Who asks this one to give way, if somebody does. */
        Optional<LockTicket> asked() throws IOException {
            return read(asking(file));
        }

        void leave() throws IOException {
            synchronized (ONE_AT_A_TIME) {
                try (locked) {
                    Files.deleteIfExists(file);
                    Files.deleteIfExists(beside(file));
                    Files.deleteIfExists(asking(file));
                } finally {
                    PLACES_OF_THIS_JVM.remove(file);
                }
            }
        }
    }

    private interface Step<T> {
        T take() throws IOException;
    }

    /** A place at the end; empty if somebody else is looking at this moment. */
    Optional<Place> enter(LockTicket ticket) throws IOException {
        RunFolder.makeDirectories(directory);
        return guarded(() -> {
            List<Path> all = places();
            long last = all.isEmpty() ? 0 : number(all.get(all.size() - 1));
            Path file = directory.toRealPath().resolve(String.format("%012d", last + 1) + PLACE);
            write(beside(file), ticket.json());
            Place place =
                    new Place(file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            PLACES_OF_THIS_JVM.add(file);
            try {
                place.take();
                return place;
            } catch (IOException | RuntimeException broken) {
                place.leave();
                throw broken;
            }
        });
    }

    /** Asks somebody to give way; asking twice changes nothing. */
    void ask(Before other, LockTicket asker) throws IOException {
        if (!Files.exists(asking(other.place()))) {
            write(asking(other.place()), asker.json());
        }
    }

    private <T> Optional<T> guarded(Step<T> step) throws IOException {
        synchronized (ONE_AT_A_TIME) {
            try (FileChannel guard =
                    FileChannel.open(directory.resolve("guard"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                return guard.tryLock() == null ? Optional.empty() : Optional.of(step.take());
            } catch (OverlappingFileLockException elsewhereInThisJvm) {
                return Optional.empty();
            }
        }
    }

    /** Whose place it is, if its process lives; else what is left of it is removed. */
    private Optional<LockTicket> alive(Path place) throws IOException {
        Optional<LockTicket> ticket = read(beside(place));
        if (PLACES_OF_THIS_JVM.contains(place)
                || ticket.filter(LockTicket::isOfThisProcess).isPresent()) {
            return ticket;
        }
        try (FileChannel channel = FileChannel.open(place, StandardOpenOption.WRITE)) {
            if (channel.tryLock() == null) {
                return Optional.of(ticket.orElseGet(() -> new LockTicket("unknown", "unknown", true, 0, "", "")));
            }
            // A command that outlives its process is still at what the lock is for.
            ticket.map(LockTicket::marker).filter(marker -> !marker.isEmpty()).ifPresent(LocalExecutor::endLeftBy);
            Files.deleteIfExists(place);
            Files.deleteIfExists(beside(place));
            Files.deleteIfExists(asking(place));
            return Optional.empty();
        } catch (NoSuchFileException left) {
            return Optional.empty();
        }
    }

    /** In their order, which is that of their names. */
    private List<Path> places() throws IOException {
        try (Stream<Path> all = Files.list(directory.toRealPath())) {
            return all.filter(file -> file.toString().endsWith(PLACE)).sorted().toList();
        }
    }

    private static long number(Path place) {
        String name = String.valueOf(place.getFileName());
        return Long.parseLong(name.substring(0, name.length() - PLACE.length()));
    }

    private static Path beside(Path place) {
        return place.resolveSibling(place.getFileName() + ".json");
    }

    private static Path asking(Path place) {
        return place.resolveSibling(place.getFileName() + ".asked");
    }

    private static Optional<LockTicket> read(Path file) throws IOException {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return LockTicket.of(in.readNBytes(MOST_BYTES));
        } catch (FileNotFoundException none) {
            return Optional.empty();
        }
    }

    /** Nothing of it need survive the machine: after it nobody holds anything. */
    private void write(Path file, byte[] content) throws IOException {
        Path fresh = Files.createTempFile(directory, "next", ".tmp");
        try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
            out.write(content);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
