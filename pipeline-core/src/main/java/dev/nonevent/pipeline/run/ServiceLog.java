package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What one service prints: masked, into a file of its own, and its end kept in memory. Safe for use by several threads. */
final class ServiceLog implements CommandOutput, AutoCloseable {

    private static final int LAST_LINES = 20;

    private final StageLog log;
    private final StageLog.Printer printer;

    // Guarded by this.
    private final Deque<String> lastLines = new ArrayDeque<>();

    ServiceLog(String name, Shared shared) {
        Path directory = shared.folder().logs().resolve("services");
        try {
            RunFolder.makeDirectories(directory);
        } catch (IOException broken) {
            throw new InfrastructureException("the directory " + directory + " cannot be made: " + broken, broken);
        }
        this.log = new StageLog(directory.resolve(name + ".log"), shared.redaction(), this::keep);
        this.printer = log.printer();
    }

    Path file() {
        return log.file();
    }

    @Override
    public void write(byte[] bytes) {
        printer.write(bytes);
    }

    /** @throws InfrastructureException if something could not be written */
    void mustBeWhole() {
        log.mustBeWhole();
    }

    synchronized List<String> lastLines() {
        return List.copyOf(lastLines);
    }

    /** Takes it to the end of what was written. */
    @Override
    public void close() {
        printer.close();
        try {
            log.close();
        } catch (IOException broken) {
            throw new InfrastructureException("the log " + file() + " cannot be closed: " + broken, broken);
        }
    }

    private synchronized void keep(String line) {
        lastLines.addLast(line);
        if (lastLines.size() > LAST_LINES) {
            lastLines.removeFirst();
        }
    }
}
