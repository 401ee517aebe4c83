package dev.nonevent.pipeline.run;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Removes a directory with all that is in it. A symbolic link is removed and never followed. */
final class Removal extends SimpleFileVisitor<Path> {

    private Removal() {}

    static void of(Path directory) throws IOException {
        try {
            // Most are empty, or not there at all.
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException used) {
            Files.walkFileTree(directory, new Removal());
        }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        // Some tools write-protect their caches.
        if (!Files.isWritable(directory) && !directory.toFile().setWritable(true, true)) {
            throw new IOException(directory + " is write-protected");
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.deleteIfExists(file);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
        if (failed instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failed;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed) throws IOException {
        if (failed != null) {
            throw failed;
        }
        Files.deleteIfExists(directory);
        return FileVisitResult.CONTINUE;
    }
}
