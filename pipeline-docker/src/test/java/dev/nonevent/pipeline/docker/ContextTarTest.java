package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ContextTarTest {

    @TempDir
    Path context;

    @Test
    void linksThatLeadInCirclesStayLinks() throws Exception {
        Files.createSymbolicLink(context.resolve("all"), Path.of("."));
        Files.createSymbolicLink(context.resolve("self"), Path.of("self"));
        Files.createFile(context.resolve("empty"));

        assertThat(names("Dockerfile")).containsExactly("all", "empty", "self");
    }

    @Test
    void whatIsExceptedInADirectoryThatIsLeftOutIsSent() throws Exception {
        Files.createDirectories(context.resolve("target/classes"));
        Files.createFile(context.resolve("target/classes/A.class"));
        Files.createFile(context.resolve("target/app.jar"));
        Files.writeString(context.resolve(".dockerignore"), "target\n!target/*.jar\n");

        assertThat(names("Dockerfile")).containsExactly(".dockerignore", "target/app.jar");
    }

    /** Nothing is closed to root, so this says something to other users alone. */
    @Test
    void aDirectoryThatMayNotBeEnteredIsSaidUnlessItIsLeftOut() throws Exception {
        Path closed = Files.createDirectory(context.resolve("closed"));
        Files.setPosixFilePermissions(closed, Set.of());
        try {
            assumeThat(Files.isReadable(closed)).isFalse();

            assertThatThrownBy(() -> names("Dockerfile"))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessage(closed.toString());
            Files.writeString(context.resolve(".dockerignore"), "closed\n");
            assertThat(names("Dockerfile")).containsExactly(".dockerignore");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private List<String> names(String always) throws IOException {
        List<String> names = new ArrayList<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(ContextTar.of(context, Map.of(), always), StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }
}
