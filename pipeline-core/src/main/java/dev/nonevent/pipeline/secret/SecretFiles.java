package dev.nonevent.pipeline.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** One file per secret, readable by its owner alone. */
record SecretFiles(Path directory) implements SecretSource {

    private static final long LARGEST = 64 * 1024;
    private static final Set<PosixFilePermission> TOO_OPEN =
            Set.copyOf(EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ));

    @Override
    public Optional<String> find(Secret secret) {
        Path file = directory.resolve(secret.name());
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            requirePrivate(secret, file);
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                throw new IllegalStateException(
                        "secret \"" + secret.name() + "\": " + file + " is not a file of at most 64 KiB");
            }
            return Optional.of(withoutLineBreak(Files.readString(file)));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "secret \"" + secret.name() + "\": " + file + " cannot be read as UTF-8 text (" + e + ")", e);
        }
    }

    @Override
    public String whereFor(Secret secret) {
        return "file " + directory.resolve(secret.name());
    }

    private static void requirePrivate(Secret secret, Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        if (permissions.stream().anyMatch(TOO_OPEN::contains)) {
            throw new IllegalStateException("secret \"" + secret.name() + "\": others may read " + file + " ("
                    + PosixFilePermissions.toString(permissions) + "); chmod 600 it");
        }
    }

    private static String withoutLineBreak(String text) {
        String end = text.endsWith("\r\n") ? "\r\n" : text.endsWith("\n") ? "\n" : "";
        return text.substring(0, text.length() - end.length());
    }
}
