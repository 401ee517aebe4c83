package dev.nonevent.pipeline.bluegreen.ledger;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Which file a name means. While a file is open nothing else can be it, so a name that means another one now was taken by
 * somebody else, or by a person. Where the file system has no such thing all files look the same.
 */
record Identity(Path file, Optional<Object> key) {

    static Identity of(Path file) throws IOException {
        return new Identity(file, keyOf(file));
    }

    boolean isStillThere() {
        try {
            return keyOf(file).equals(key);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new InfrastructureException("nobody can say whether " + file + " is what it was: " + e, e);
        }
    }

    private static Optional<Object> keyOf(Path file) throws IOException {
        return Optional.ofNullable(
                Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }
}
