package dev.nonevent.pipeline.bluegreen.router.switchboard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that only their user may read or write, whatever the umask of who started the router says: they are made so, and
 * what was there before becomes so when it is opened. Where files have no such modes, it is up to the directory.
 *
 * <p>An interrupted thread writes, too, and stays interrupted.
 */
public final class PrivateFile {

    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private static final boolean HAS_MODES =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private PrivateFile() {}

    /** As {@link FileChannel#open(Path, OpenOption...)} does. */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(file, Set.of(options), madeWith(FILE));
        boolean isPrivate = false;
        try {
            restrict(file);
            isPrivate = true;
            return channel;
        } finally {
            if (!isPrivate) {
                channel.close();
            }
        }
    }

    /** At the end of what is in it. */
    public static void append(Path file, String text) throws IOException {
        open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    /** Puts this in the place of what was there, as a whole: it survives a crash of the machine, or what was there does. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path directory = file.resolveSibling(".");
        Path next = Files.createTempFile(directory, file.getFileName() + ".", ".next");
        try {
            write(next, content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
        forceDirectory(directory);
    }

    /** Forced, but not yet the entry of its directory. */
    static void write(Path file, byte[] content) throws IOException {
        undisturbed(() -> {
            try (FileChannel channel = open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
        });
    }

    /** So that what was renamed in it stays so. */
    static void forceDirectory(Path directory) throws IOException {
        undisturbed(() -> {
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        });
    }

    /** What may be done again after half of it. */
    private interface Work {
        void run() throws IOException;
    }

    /** An interrupt closes a channel in the middle of a word: then it is done again, and the interrupt kept for the caller. */
    private static void undisturbed(Work work) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    work.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** For a file or a socket that somebody else has made. */
    public static void restrict(Path file) throws IOException {
        restrict(file, FILE);
    }

    /** Made if it is missing, with all above it, which are as the umask says. */
    public static void directory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory.toAbsolutePath().getParent());
            Files.createDirectories(directory, madeWith(DIRECTORY));
        }
        restrict(directory, DIRECTORY);
    }

    private static void restrict(Path file, Set<PosixFilePermission> wanted) throws IOException {
        if (HAS_MODES
                && !Files.getPosixFilePermissions(file).equals(wanted)
                && Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, wanted);
        }
    }

    private static FileAttribute<?>[] madeWith(Set<PosixFilePermission> wanted) {
        return HAS_MODES
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(wanted)}
                : new FileAttribute<?>[0];
    }
}
