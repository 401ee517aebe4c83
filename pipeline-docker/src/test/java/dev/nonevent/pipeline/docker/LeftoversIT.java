package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Container;
import dev.nonevent.pipeline.docker.engine.Owner;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.Session;
import dev.nonevent.pipeline.executor.SessionRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine
@Timeout(60)
class LeftoversIT {

    private final TestEngine engine;

    @TempDir
    Path temporary;

    private Path workspace;
    private Process other;

    LeftoversIT(TestEngine engine) {
        this.engine = engine;
    }

    /** Runs the second command of a stage in a process of its own; prints a line when it is under way. */
    static final class Other {
        public static void main(String... args) throws Exception {
            Path workspace = Path.of(args[1]);
            try (Session stage =
                    DockerExecutor.container(args[0]).network("none").open(SessionRequest.in(workspace))) {
                stage.run(Command.of(workspace, "true"), bytes -> {});
                stage.run(Command.of(workspace, "sh", "-c", "echo begun; sleep 300"), bytes -> {
                    System.out.write(bytes, 0, bytes.length);
                    System.out.flush();
                });
            }
        }
    }

    @BeforeEach
    void startACommandInAnotherProcess() throws IOException {
        workspace = Files.createDirectory(temporary.resolve("workspace"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        other = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        engine.image(),
                        workspace.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] begun = other.getInputStream().readNBytes(6);
        assertThat(new String(begun, StandardCharsets.UTF_8)).isEqualTo("begun\n");
    }

    @AfterEach
    void endTheOther() throws Exception {
        killTheOther();
        nextCommand();
        assertThat(containersOfTheOther()).isEmpty();
    }

    @Test
    void theContainerOfAKilledProcessIsRemovedByTheNextCommand() throws Exception {
        killTheOther();
        assertThat(containersOfTheOther()).hasSize(1);

        nextCommand();

        assertThat(containersOfTheOther()).isEmpty();
    }

    @Test
    void theContainerOfALivingProcessIsNotTouched() throws Exception {
        nextCommand();

        assertThat(containersOfTheOther())
                .hasSize(1)
                .allMatch(each -> each.getState().equals("running"));
    }

    private void nextCommand() throws InterruptedException {
        DockerExecutor.container(engine.image()).network("none").run(Command.of(workspace, "true"), bytes -> {});
    }

    private void killTheOther() throws InterruptedException {
        assertThat(other.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private List<Container> containersOfTheOther() {
        String pid = other.pid() + "@";
        return engine
                .ask(docker -> docker.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(
                                Map.of(Owner.PLACE, Owner.self().orElseThrow().place()))
                        .exec())
                .stream()
                .filter(each -> each.getLabels().get(Owner.PROCESS).startsWith(pid))
                .toList();
    }
}
