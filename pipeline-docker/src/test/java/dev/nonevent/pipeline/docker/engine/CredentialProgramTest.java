package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CredentialProgramTest {

    @TempDir
    Path directory;

    @Test
    void itIsAskedByArgumentAndInput() throws Exception {
        CredentialProgram helper = helper(
                "read registry",
                "echo \"$1 $registry\" > " + directory + "/asked",
                "echo '{\"Username\":\"ci\",\"Secret\":\"s3\"}'");

        assertThat(helper.get("registry.example")).hasValueSatisfying(answer -> {
            assertThat(answer.path("Username").asText()).isEqualTo("ci");
            assertThat(answer.path("Secret").asText()).isEqualTo("s3");
        });
        assertThat(directory.resolve("asked")).hasContent("get registry.example");
    }

    @Test
    void oneThatKeepsNothingSaysSo() throws Exception {
        assertThat(helper("echo credentials not found in native keychain", "exit 1")
                        .get("registry.example"))
                .isEmpty();
    }

    @Test
    void oneThatReadsNothingIsFineToo() throws Exception {
        assertThat(helper("exec <&-", "echo '{\"Username\":\"ci\",\"Secret\":\"s3\"}'")
                        .get("registry.example"))
                .isPresent();
    }

    @Test
    void oneThatFailsIsNamedWithoutItsWords() throws Exception {
        assertThatThrownBy(() -> helper("echo hunter2", "exit 3").get("registry.example"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("but it exited 3")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> helper("echo '{\"Secret\": hunter2}'").get("registry.example"))
                .hasMessageContaining("but its answer is no JSON")
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @Test
    void oneThatHangsIsEndedWithWhatItStarted() throws Exception {
        Path program = script("sleep 300 &", "echo $! > " + directory + "/pid", "wait");
        CredentialProgram helper = new CredentialProgram(program.toString(), Duration.ofSeconds(3));

        assertThatThrownBy(() -> helper.get("registry.example"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("but it did not answer within 3 s");
        long started = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
        ProcessHandle.of(started).ifPresent(alive -> alive.onExit().join());
    }

    private CredentialProgram helper(String... lines) throws IOException {
        return new CredentialProgram(script(lines).toString(), Duration.ofSeconds(60));
    }

    private Path script(String... lines) throws IOException {
        Path program = Files.createTempFile(directory, "helper", ".sh");
        Files.writeString(program, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
}
