package dev.nonevent.pipeline.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * A build's context as a tar that is made while it is read: no second copy on disk. Sorted, so that the same files are
 * the same stream; links stay links; everything belongs to root and has one date.
 */
final class ContextTar extends InputStream {

    private static final int CHUNK = 64 << 10;
    /** When a file was checked out is no part of it. Not earlier, because zip has no year before 1980. */
    private static final FileTime ALWAYS = FileTime.from(Instant.parse("1980-01-01T00:00:01Z"));

    private final Iterator<Map.Entry<String, Path>> rest;
    private final Buffer ready = new Buffer();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(ready);
    private @Nullable InputStream open;
    private boolean finished;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    private ContextTar(SortedMap<String, Path> entries) {
        this.rest = entries.entrySet().iterator();
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    /** @param always sent even if ignored: the Dockerfile */
    static ContextTar of(Path context, Map<String, Path> files, String always) throws IOException {
        Ignores ignores = Ignores.of(context);
        SortedMap<String, Path> entries = new TreeMap<>();
        Predicate<Path> sent = path -> {
            String name = context.relativize(path).toString();
            return name.equals(always) || name.equals(".dockerignore") || !ignores.contain(name);
        };
        Files.walkFileTree(context, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return directory.equals(context) ? FileVisitResult.CONTINUE : visitFile(directory, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (sent.test(path)) {
                    entries.put(context.relativize(path).toString(), path);
                }
                return FileVisitResult.CONTINUE;
            }

            /** A directory that may not be entered, or is gone: what nobody wants of it is not missed. */
            @Override
            public FileVisitResult visitFileFailed(Path path, IOException why) throws IOException {
                if (path.equals(context) || sent.test(path)) {
                    throw why;
                }
                return FileVisitResult.CONTINUE;
            }
        });
        entries.putAll(files);
        return new ContextTar(entries);
    }

    /** Why it could not be read to its end, if it was so; for the thread that does not read it. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure.get());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            while (ready.isEmpty() && !finished) {
                makeMore();
            }
        } catch (IOException e) {
            failure.set(e);
            throw e;
        }
        return ready.isEmpty() ? -1 : ready.take(target, offset, length);
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
        }
    }

    private void makeMore() throws IOException {
        if (open != null) {
            byte[] chunk = open.readNBytes(CHUNK);
            if (chunk.length > 0) {
                tar.write(chunk);
            } else {
                open.close();
                open = null;
                tar.closeArchiveEntry();
            }
        } else if (rest.hasNext()) {
            Map.Entry<String, Path> next = rest.next();
            begin(next.getKey(), next.getValue());
        } else {
            tar.close();
            finished = true;
        }
    }

    private void begin(String name, Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            link.setLinkName(Files.readSymbolicLink(path).toString());
            putWithoutContent(link);
        } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            TarArchiveEntry directory = new TarArchiveEntry(name + "/");
            directory.setMode(040000 | modeOf(path));
            putWithoutContent(directory);
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            TarArchiveEntry file = new TarArchiveEntry(name);
            file.setMode(0100000 | modeOf(path));
            file.setSize(Files.size(path));
            put(file);
            open = Files.newInputStream(path);
        } else {
            throw new IOException(path + " is neither a file nor a directory nor a link: list it in .dockerignore");
        }
    }

    private void putWithoutContent(TarArchiveEntry entry) throws IOException {
        put(entry);
        tar.closeArchiveEntry();
    }

    private void put(TarArchiveEntry entry) throws IOException {
        entry.setModTime(ALWAYS);
        tar.putArchiveEntry(entry);
    }

    private static int modeOf(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0777;
    }

    /** What the tar has written and nobody has read yet. */
    private static final class Buffer extends ByteArrayOutputStream {

        private int from;

        boolean isEmpty() {
            return from == count;
        }

        int take(byte[] target, int offset, int length) {
            int taken = Math.min(length, count - from);
            System.arraycopy(buf, from, target, offset, taken);
            from += taken;
            if (from == count) {
                from = 0;
                reset();
            }
            return taken;
        }
    }
}
