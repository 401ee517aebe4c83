package dev.nonevent.pipeline.executor;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one command needs beside its workspace: a home, and a file for its output. Nobody else may look into it. */
record Scratch(Path directory) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

    static Scratch create() {
        try {
            Scratch scratch = new Scratch(Files.createTempDirectory("pipeline-"));
            Files.createDirectory(scratch.home());
            Files.createFile(scratch.output());
            return scratch;
        } catch (IOException e) {
            throw new InfrastructureException(
                    "cannot make a directory for a command in " + System.getProperty("java.io.tmpdir") + ": "
                            + e.getMessage() + "; free some space or set java.io.tmpdir",
                    e);
        }
    }

    /** Its own on this machine. */
    String name() {
        return directory.getFileName().toString();
    }

    Path home() {
        return directory.resolve("home");
    }

    Path output() {
        return directory.resolve("output");
    }

    Instant createdAt() {
        try {
            return Files.getLastModifiedTime(output()).toInstant();
        } catch (IOException e) {
            throw new InfrastructureException("cannot read " + output() + ": " + e.getMessage(), e);
        }
    }

    /** Deletes it; links are deleted, never followed. What cannot be deleted is logged: the command has ended well. */
    @Override
    public void close() {
        try {
            if (!isEmptyAgain()) {
                Files.walkFileTree(directory, new Deletion());
            }
        } catch (IOException e) {
            LOG.warn("cannot delete {}: {}; delete it by hand", directory, e.toString());
        }
    }

    /** Most commands leave nothing at home: then there is nothing to look for. */
    private boolean isEmptyAgain() throws IOException {
        try {
            Files.deleteIfExists(output());
            Files.deleteIfExists(home());
            Files.delete(directory);
            return true;
        } catch (DirectoryNotEmptyException used) {
            return false;
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            // Tools leave directories that nobody may write to (Go's module cache); then nothing in them can be
            // deleted.
            if (!Files.isWritable(directory) && !directory.toFile().setWritable(true)) {
                LOG.debug("cannot make {} writable", directory);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
