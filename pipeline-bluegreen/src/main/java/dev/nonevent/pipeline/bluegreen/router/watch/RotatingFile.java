package dev.nonevent.pipeline.bluegreen.router.watch;

import dev.nonevent.pipeline.bluegreen.router.switchboard.PrivateFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that is appended to, and four older ones of the same size: {@code access.log}, {@code access.log.1} to
 * {@code access.log.4}, the oldest last. Only its user may read them. For one thread.
 */
final class RotatingFile {

    static final long USUAL_SIZE = 64L * 1024 * 1024;

    private static final int OLDER = 4;

    private final Path path;
    private final long largest;
    private @Nullable OutputStream out;
    private long size;
    private boolean torn;

    RotatingFile(Path path, long largest) {
        this.path = path;
        this.largest = largest;
    }

    OutputStream open() throws IOException {
        PrivateFile.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                .close();
        size = Files.size(path);
        // who interrupts its writer would close a channel under it
        OutputStream opened = new BufferedOutputStream(Files.newOutputStream(path, StandardOpenOption.APPEND));
        out = opened;
        return opened;
    }

    /** After a failure the next call opens it anew, on a line of its own. */
    void append(byte[] line) throws IOException {
        try {
            if (size > 0 && size + line.length > largest) {
                rotate();
            }
            OutputStream to = opened();
            if (torn && size > 0) {
                to.write('\n');
            }
            torn = false;
            to.write(line);
            size += line.length;
        } catch (IOException e) {
            throw closed(e);
        }
    }

    void flush() throws IOException {
        try {
            opened().flush();
        } catch (IOException e) {
            throw closed(e);
        }
    }

    void close() throws IOException {
        OutputStream open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }

    private IOException closed(IOException why) {
        torn = true;
        try {
            close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        return why;
    }

    private OutputStream opened() throws IOException {
        OutputStream open = out;
        if (open == null) {
            open = open();
        }
        return open;
    }

    private void rotate() throws IOException {
        close();
        for (int age = OLDER; age > 0; age--) {
            Path younger = age == 1 ? path : older(age - 1);
            if (Files.exists(younger)) {
                Files.move(younger, older(age), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path older(int age) {
        return path.resolveSibling(path.getFileName() + "." + age);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
