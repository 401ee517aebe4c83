package dev.nonevent.pipeline.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFilesTest {

    private static final Secret TOKEN = new Secret("token");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"'hunter2','hunter2'", "'hunter2\n','hunter2'", "'hunter2\r\n','hunter2'", "' a \n\n',' a \n'"})
    void theValueIsTheFileWithoutItsLastLineBreak(String content, String value) throws Exception {
        write(content, "rw-------");

        assertThat(source().find(TOKEN)).contains(value);
    }

    @Test
    void aSecretWithoutAFileIsNotThere() {
        assertThat(source().find(TOKEN)).isEmpty();
        assertThat(source().whereFor(TOKEN)).isEqualTo("file " + directory.resolve("token"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-r--r--"})
    void aFileThatOthersMayReadIsRefused(String mode) throws Exception {
        Path file = write("hunter2", mode);

        assertThatThrownBy(() -> source().find(TOKEN))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("secret \"token\": others may read " + file + " (" + mode + "); chmod 600 it")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void whatIsNotTextOrTooLargeIsRefused() throws Exception {
        Path file = write("x".repeat(70_000), "rw-------");
        assertThatThrownBy(() -> source().find(TOKEN)).hasMessageContaining("is not a file of at most 64 KiB");

        Files.write(file, new byte[] {(byte) 0xff, 1, 2, 3});
        assertThatThrownBy(() -> source().find(TOKEN)).hasMessageContaining("cannot be read as UTF-8 text");
    }

    private SecretSource source() {
        return SecretSource.directory(directory);
    }

    private Path write(String content, String mode) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
