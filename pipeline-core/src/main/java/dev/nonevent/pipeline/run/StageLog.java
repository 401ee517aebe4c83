package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything one stage prints: masked, into its file as it comes, and line by line to whoever listens. Safe for use by
 * several threads.
 *
 * <p>A {@link FileOutputStream} and not a channel: an interrupt of the stage would close a channel in the middle.
 */
final class StageLog implements AutoCloseable {

    private final Path file;
    private final Redaction redaction;
    private final Consumer<String> lines;

    // Guarded by this.
    private final FileOutputStream out;
    private @Nullable IOException broken;

    StageLog(Path file, Redaction redaction, Consumer<String> lines) {
        this.file = file;
        this.redaction = redaction;
        this.lines = lines;
        try {
            this.out = new FileOutputStream(file.toFile(), true);
        } catch (IOException failed) {
            throw new InfrastructureException("the log " + file + " cannot be opened: " + failed.getMessage(), failed);
        }
    }

    Path file() {
        return file;
    }

    /** One line of our own or the stage's. */
    void line(String text) {
        line(text, lines);
    }

    /** One line, told to somebody else than those who hear the output. */
    void line(String text, Consumer<String> to) {
        String masked = redaction.text(text);
        synchronized (this) {
            append((masked + "\n").getBytes(StandardCharsets.UTF_8));
            masked.lines().forEach(to);
        }
    }

    /** Lets something print, and takes what it printed to the end. */
    <T> T printing(Printing<T> work) throws InterruptedException {
        try (Printer printer = printer()) {
            return work.print(printer);
        }
    }

    /** For something that prints until it is closed. */
    Printer printer() {
        return new Printer();
    }

    /** @throws InfrastructureException if something could not be written, such as on a full disk */
    synchronized void mustBeWhole() {
        if (broken != null) {
            throw new InfrastructureException("the log " + file + " cannot be written: " + broken.getMessage(), broken);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }

    /** Not thrown here: the caller may be a thread that only carries output and must go on doing so. */
    private synchronized void append(byte[] bytes) {
        if (broken == null) {
            try {
                out.write(bytes);
            } catch (IOException failed) {
                broken = failed;
            }
        }
    }

    /** One flow of bytes into the log. */
    final class Printer implements CommandOutput, AutoCloseable {

        private final LineSplitter splitter = new LineSplitter(lines);
        private final Redaction.Stream stream = redaction.stream(bytes -> {
            append(bytes);
            splitter.write(bytes);
        });

        @Override
        public void write(byte[] bytes) {
            synchronized (StageLog.this) {
                stream.write(bytes);
            }
        }

        @Override
        public void idle() {
            synchronized (StageLog.this) {
                stream.rest();
            }
        }

        /** Hands out what has waited for its end. */
        @Override
        public void close() {
            synchronized (StageLog.this) {
                stream.end();
                splitter.end();
            }
        }
    }

    /** Something that prints. */
    interface Printing<T> {

        T print(CommandOutput output) throws InterruptedException;
    }
}
