package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The containers' delivery as a person runs it: a JVM of its own. It has an engine of its own, too, so that all that is left on it
 * is known to be the scene's.
 */
@NeedsPrivateEngine
@Timeout(300)
final class ContainerDeliveryIT {

    private static PrivateEngine engine;
    private static DockerCommand docker;

    @TempDir
    Path directory;

    @BeforeAll
    static void startAnEngine() throws Exception {
        // With it the engine has addresses for networks that are made without saying which.
        engine = PrivateEngine.start("--live-restore");
        docker = DockerCommand.of(engine.address());
    }

    @AfterAll
    static void endTheEngine() throws Exception {
        if (engine != null) {
            engine.close();
        }
    }

    @Test
    void tellsTheWholeStoryAndLeavesTheEngineAsItWas() throws Exception {
        List<String> before = objects();

        SceneProcess scene = start();

        assertThat(scene.end()).as(scene.screen()).isZero();
        JsonNode summary = scene.summary("containers");
        List<String> reasons = summary.path("pushes").findValuesAsText("reason");
        assertThat(summary.path("pushes").findValuesAsText("name")).containsExactly("v1", "v2", "v3", "v4", "v5");
        assertThat(summary.path("pushes").findValuesAsText("accepted"))
                .containsExactly("true", "true", "false", "false", "false");
        assertThat(reasons.get(2)).isEqualTo("unit tests blocked: 1 of 3 tests failed");
        assertThat(reasons.get(3)).isEqualTo("integration tests blocked: 2 of 3 tests failed");
        assertThat(reasons.get(4)).contains("rolled back").contains("users saw no failed request");
        assertThat(summary.path("pushes").findValuesAsText("failedRequests")).containsOnly("0");
        assertThat(summary.path("requests").path("spared").asLong()).isPositive();
        assertThat(summary.path("rollback").path("restoredMs").asDouble()).isPositive();
        assertThat(objects()).isEqualTo(before);
        assertThat(scene.processesLeft()).isEmpty();
    }

    @Test
    void killedItLeavesNothingToTheNextOneAndThatOneNothingWhenItIsStoppedInTheMiddle() throws Exception {
        List<String> before = objects();
        SceneProcess killed = start();
        killed.awaitOnScreen("traffic is on blue");
        killed.process().destroyForcibly().waitFor();
        List<String> left = objects();

        SceneProcess stopped = start();
        stopped.awaitOnScreen("remote: shop run");
        stopped.process().destroy();

        assertThat(stopped.end()).as(stopped.screen()).isEqualTo(143);
        assertThat(left).as("after kill -9").isNotEqualTo(before);
        assertThat(objects()).as(stopped.screen()).isEqualTo(before);
        assertThat(stopped.processesLeft()).isEmpty();
    }

    @Test
    void withoutAnEngineItSaysSoInOneSentence() throws Exception {
        SceneProcess scene = SceneProcess.start(
                ContainerDelivery.class, directory, Map.of("DOCKER_HOST", "unix://" + directory.resolve("none.sock")));

        assertThat(scene.end()).isEqualTo(2);
        assertThat(scene.screen().strip())
                .startsWith("ContainerDelivery: no Docker engine answers: ")
                .hasLineCount(1);
    }

    @Test
    void withoutARegistryItSaysSoInOneSentence() throws Exception {
        Path programs = Files.createDirectory(directory.resolve("programs"));
        Path docker =
                Files.writeString(programs.resolve("docker"), "#!/bin/sh\nexec " + program("docker") + " \"$@\"\n");
        assertThat(docker.toFile().setExecutable(true)).isTrue();

        SceneProcess scene = SceneProcess.start(
                ContainerDelivery.class,
                directory,
                Map.of("DOCKER_HOST", engine.address().toString(), "PATH", programs.toString()));

        assertThat(scene.end()).isEqualTo(2);
        assertThat(scene.screen().strip())
                .isEqualTo("ContainerDelivery: there is no docker-registry to keep images: install docker-registry");
    }

    private SceneProcess start() throws IOException {
        return SceneProcess.start(
                ContainerDelivery.class,
                directory,
                Map.of("DOCKER_HOST", engine.address().toString()));
    }

    private static Path program(String name) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .map(each -> Path.of(each, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    /** Everything there is, of whatever kind and name. */
    private static List<String> objects() throws Exception {
        String all = String.join(
                "\n",
                docker.run("ps", "-a", "--no-trunc", "--format", "container {{.ID}} {{.Names}}"),
                docker.run("network", "ls", "--no-trunc", "--format", "network {{.ID}} {{.Name}}"),
                docker.run("volume", "ls", "--format", "volume {{.Name}}"),
                docker.run("images", "-a", "--no-trunc", "--format", "image {{.ID}} {{.Repository}}:{{.Tag}}"));
        return all.lines().filter(line -> !line.isBlank()).sorted().toList();
    }
}
