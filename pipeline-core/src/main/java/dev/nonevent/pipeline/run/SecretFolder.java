package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.secret.Secret;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Files with secrets for the commands of one stage, for this user's eyes only: in memory where the machine has a file
 * system for that, else in its temporary directory. Made with the first file. Safe for use by several threads.
 */
final class SecretFolder {

    private static final Path IN_MEMORY = Path.of("/dev/shm");

    // Guarded by this.
    private @Nullable Path directory;

    synchronized Path file(Secret secret, String value) {
        try {
            Path folder = directory;
            if (folder == null) {
                folder = create();
                directory = folder;
            }
            Path file = folder.resolve(secret.name());
            if (!Files.exists(file)) {
                Files.writeString(Files.createFile(file, ownerOnly("rw-------")), value);
            }
            return file;
        } catch (IOException broken) {
            throw new InfrastructureException(
                    "no file for secret \"" + secret.name() + "\" can be made: " + broken, broken);
        }
    }

    synchronized void remove() throws IOException {
        if (directory != null) {
            Removal.of(directory);
        }
    }

    private static Path create() throws IOException {
        FileAttribute<?>[] owner = ownerOnly("rwx------");
        return Files.isDirectory(IN_MEMORY) && Files.isWritable(IN_MEMORY)
                ? Files.createTempDirectory(IN_MEMORY, "pipeline-secret-", owner)
                : Files.createTempDirectory("pipeline-secret-", owner);
    }

    private static FileAttribute<?>[] ownerOnly(String permissions) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
