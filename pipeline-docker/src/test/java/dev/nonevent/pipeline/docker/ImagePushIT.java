package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.secret.Secret;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine
@Timeout(120)
class ImagePushIT {

    private static final Secret TOKEN = new Secret("registry-token");

    private final TestEngine engine;
    private final List<String> log = new CopyOnWriteArrayList<>();

    @TempDir
    Path temporary;

    private TestRegistry registry;
    private String repository;
    private DockerImage shop;

    ImagePushIT(TestEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void startRegistry() throws Exception {
        Optional<TestRegistry> started = TestRegistry.start(temporary);
        if (Boolean.getBoolean("engine.required")) {
            assertThat(started).as("a registry: install docker-registry").isPresent();
        }
        assumeTrue(started.isPresent(), "there is no /usr/bin/docker-registry: install docker-registry");
        registry = started.get();
        repository = registry.address() + "/shop";
        Path context = Files.createDirectories(temporary.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), "FROM " + engine.image() + "\nCMD [\"true\"]\n");
        shop = DockerImage.dockerImage(repository).tag("1").contextDirectory(context);
    }

    @AfterEach
    void stopRegistry() throws Exception {
        if (registry != null) {
            engine.removeImages(repository);
            registry.close();
        }
    }

    @Test
    void thePushedImageIsInTheRegistryUnderItsDigest() throws Exception {
        Image image = shop.pushAs("ci", TOKEN).build(stageWith("right"));

        assertThat(image.digest())
                .hasValueSatisfying(digest ->
                        assertThat(digest).matches("sha256:[0-9a-f]{64}").isEqualTo(digestInRegistry("1")));
        assertThat(image.pinned()).isEqualTo(repository + "@" + image.digest().orElseThrow());
        assertThat(engine.ask(docker -> docker.inspectImageCmd(image.pinned()).exec())
                        .getId())
                .isEqualTo(image.id());
    }

    @Test
    void aWrongTokenIsRefusedInWordsWithoutTheToken() {
        assertThatThrownBy(() -> shop.pushAs("ci", TOKEN).build(stageWith("wrong-7f3a")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("image " + repository + ":1 cannot be pushed (")
                .hasMessageContaining("unauthorized")
                .hasMessageNotContaining("wrong-7f3a");
        assertThat(digestInRegistry("1")).isEmpty();
    }

    @Test
    void aPushAsNobodyIsRefusedToo() {
        assertThatThrownBy(() -> shop.push().build(stageWith("right")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("cannot be pushed (");
        assertThat(digestInRegistry("1")).isEmpty();
    }

    @Test
    void aBaseImageOfARegistryThatAsksWhoWeAreIsPulledByTheBuild() throws Exception {
        shop.pushAs("ci", TOKEN).build(stageWith("right"));
        engine.removeImages(repository);
        Path context = Files.createDirectories(temporary.resolve("on top"));
        Files.writeString(context.resolve("Dockerfile"), "FROM " + repository + ":1\nLABEL a=b\n");
        DockerImage onTop = DockerImage.dockerImage(repository).tag("2").contextDirectory(context);

        assertThatThrownBy(() -> onTop.build(stageWith("right")))
                .isInstanceOf(ImageBuildFailedException.class)
                .hasMessageContaining("step 1/2 : FROM " + repository + ":1 (line 1 of Dockerfile): ");
        Image image = onTop.baseImagesAs(registry.address(), "ci", TOKEN).build(stageWith("right"));

        assertThat(image.id()).startsWith("sha256:");
    }

    @Test
    void aRegistryThatIsNotThereIsNamed() throws Exception {
        registry.close();

        assertThatThrownBy(() -> shop.pushAs("ci", TOKEN).build(stageWith("right")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("connection refused");
    }

    private LoggingStage stageWith(String value) {
        return new LoggingStage(log) {
            @Override
            public String reveal(Secret secret) {
                assertThat(secret).isEqualTo(TOKEN);
                return value;
            }
        };
    }

    /** Asked for over HTTP, past the engine; empty if the registry has no such tag. */
    private String digestInRegistry(String tag) {
        try {
            HttpResponse<Void> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(
                                            URI.create("http://" + registry.address() + "/v2/shop/manifests/" + tag))
                                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                                    .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
                                    .header(
                                            "Authorization",
                                            "Basic "
                                                    + Base64.getEncoder()
                                                            .encodeToString(
                                                                    "ci:right".getBytes(StandardCharsets.UTF_8)))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
            assertThat(answer.statusCode()).isIn(200, 404);
            return answer.statusCode() == 404
                    ? ""
                    : answer.headers().firstValue("Docker-Content-Digest").orElseThrow();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
