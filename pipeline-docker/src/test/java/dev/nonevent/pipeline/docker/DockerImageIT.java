package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.docker.engine.ImageShelf;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine
@Timeout(120)
class DockerImageIT {

    private static final String REPOSITORY =
            "nonevent-test/shop-" + ProcessHandle.current().pid();

    private final TestEngine engine;
    private final List<String> log = new CopyOnWriteArrayList<>();

    @TempDir
    Path temporary;

    private Path context;
    private DockerImage shop;

    DockerImageIT(TestEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void makeContext() throws IOException {
        context = Files.createDirectories(temporary.resolve("context"));
        shop = DockerImage.dockerImage(REPOSITORY).tag("1").contextDirectory(context);
    }

    @AfterEach
    void removeImages() {
        engine.removeImages(REPOSITORY);
    }

    @Test
    void severalStagesMakeOneImageWhoseIdTheEngineKnows() throws Exception {
        write("in.txt", "from the context\n");
        dockerfile(
                "FROM " + engine.image() + " AS build",
                "ARG WHO=nobody",
                "COPY in.txt /in.txt",
                "RUN cat /in.txt > /out.txt; echo for $WHO >> /out.txt",
                "FROM " + engine.image(),
                "COPY --from=build /out.txt /out.txt",
                "COPY app.jar /app.jar");
        Path jar = Files.writeString(temporary.resolve("kept"), "the jar\n");

        Image image = shop.file(new Artifact("app.jar", jar, "0".repeat(64), 8), "app.jar")
                .argument("WHO", "everybody")
                .build(new LoggingStage(log));

        assertThat(image.reference()).isEqualTo(REPOSITORY + ":1");
        assertThat(image.id()).matches("sha256:[0-9a-f]{64}");
        assertThat(engine.ask(docker ->
                                docker.inspectImageCmd(REPOSITORY + ":1").exec())
                        .getId())
                .isEqualTo(image.id());
        assertThat(printedIn(image.id(), "cat", "/out.txt", "/app.jar"))
                .isEqualTo("from the context\nfor everybody\nthe jar\n");
        assertThat(log).anyMatch(line -> line.startsWith("Step 7/7 : COPY app.jar"));
    }

    @Test
    void theBuildStopsAtTheTarget() throws Exception {
        dockerfile("FROM " + engine.image() + " AS first", "RUN echo one > /one", "FROM first", "RUN exit 1");

        Image image = shop.target("first").build(new LoggingStage(log));

        assertThat(printedIn(image.id(), "cat", "/one")).isEqualTo("one\n");
    }

    @Test
    void whatIsIgnoredIsNotInTheContextAndModesAndLinksAre() throws Exception {
        write("keep.txt", "");
        write("secret.pem", "");
        write("deep/er/secret.pem", "");
        write("deep/er/keep.pem", "");
        Files.createDirectories(context.resolve("empty"));
        Files.createSymbolicLink(context.resolve("link"), Path.of("keep.txt"));
        Files.setAttribute(write("run.sh", "#!/bin/sh\necho ran\n"), "unix:mode", 0755);
        write("x".repeat(90) + "/" + "y".repeat(90), "");
        write(".dockerignore", "# keys\n**/*.pem\n!deep/er/keep.pem\nDockerfile\n");
        dockerfile("FROM " + engine.image(), "COPY . /all/");

        Image image = shop.build(new LoggingStage(log));

        assertThat(printedIn(image.id(), "find", "/all").lines())
                .containsExactlyInAnyOrder(
                        "/all",
                        "/all/.dockerignore",
                        "/all/deep",
                        "/all/deep/er",
                        "/all/deep/er/keep.pem",
                        "/all/empty",
                        "/all/keep.txt",
                        "/all/link",
                        "/all/run.sh",
                        "/all/" + "x".repeat(90),
                        "/all/" + "x".repeat(90) + "/" + "y".repeat(90));
        assertThat(printedIn(image.id(), "readlink", "/all/link")).isEqualTo("keep.txt\n");
        assertThat(printedIn(image.id(), "/all/run.sh")).isEqualTo("ran\n");
    }

    @Test
    void aLineThatFailsIsNamedWithItsExitCode() throws Exception {
        dockerfile("FROM " + engine.image(), "RUN echo trying; echo wrong >&2; exit 42");

        assertThatThrownBy(() -> shop.build(new LoggingStage(log)))
                .isInstanceOfSatisfying(
                        ImageBuildFailedException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(OptionalInt.of(42)))
                .hasMessage("image " + REPOSITORY
                        + ":1 cannot be built: step 2/2 : RUN echo trying; echo wrong >&2; exit 42 (line 2 of Dockerfile)"
                        + " exited 42");

        assertThat(log).contains("trying", "wrong");
        assertThat(new ImageShelf(engine.engine()).idOf(REPOSITORY + ":1")).isEmpty();
    }

    @Test
    void aLineThatIsNoInstructionIsTheDockerfilesFaultAndNotTheEngines() throws Exception {
        dockerfile("FROM " + engine.image(), "", "RUNN echo");

        assertThatThrownBy(() -> shop.build(new LoggingStage(log)))
                .isInstanceOf(ImageBuildFailedException.class)
                .hasMessageStartingWith("image " + REPOSITORY + ":1 cannot be built from Dockerfile: ")
                .hasMessageContaining("line 3: unknown instruction: RUNN");
    }

    @Test
    void aTargetThatIsNoStageIsTheDeclarationsFault() throws Exception {
        dockerfile("FROM " + engine.image());

        assertThatThrownBy(() -> shop.target("missing").build(new LoggingStage(log)))
                .isInstanceOf(ImageBuildFailedException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void aRegistryThatCannotBeReachedIsNoFaultOfTheDockerfile() throws Exception {
        dockerfile("FROM 127.0.0.1:1/base:1");

        assertThatThrownBy(() -> shop.build(new LoggingStage(log)))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith(
                        "image " + REPOSITORY
                                + ":1 cannot be built: step 1/1 : FROM 127.0.0.1:1/base:1 (line 1 of Dockerfile) cannot be pulled (");
    }

    @Test
    void aDockerfileIsSentThoughItIsIgnoredHoweverItsPathIsWritten() throws Exception {
        write(".dockerignore", "*\n");
        dockerfile("FROM " + engine.image(), "ENV A=b");

        assertThat(shop.dockerfile("./Dockerfile").build(new LoggingStage(log)).id())
                .startsWith("sha256:");
    }

    @Test
    void aFileThatIsNotInTheContextIsNamed() throws Exception {
        dockerfile("FROM " + engine.image(), "COPY missing.jar /");

        assertThatThrownBy(() -> shop.build(new LoggingStage(log)))
                .isInstanceOf(ImageBuildFailedException.class)
                .hasMessageContaining("step 2/2 : COPY missing.jar / (line 2 of Dockerfile): COPY failed")
                .hasMessageContaining("missing.jar");
    }

    @Test
    void labelsAreOnTheImage() throws Exception {
        dockerfile("FROM " + engine.image());

        Image image = shop.label("org.opencontainers.image.source", "https://shop.example/git")
                .build(new LoggingStage(log));

        assertThat(engine.ask(docker -> docker.inspectImageCmd(image.id()).exec())
                        .getConfig()
                        .getLabels())
                .containsEntry("org.opencontainers.image.source", "https://shop.example/git");
    }

    @Test
    void theSameTreeIsTheSameImageWheneverItWasCheckedOut() throws Exception {
        Path file = write("app/in.txt", "the same\n");
        dockerfile("FROM " + engine.image(), "COPY app /app", "RUN cat /app/in.txt > /out.txt");
        Image first = shop.build(new LoggingStage(log));
        assertThat(log).anyMatch(line -> line.startsWith("image " + first.id() + " is the same again on this engine"));
        log.clear();
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
        Files.setLastModifiedTime(file.getParent(), FileTime.from(Instant.parse("2002-02-03T04:05:06Z")));

        Image second = shop.build(new LoggingStage(log));

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(log).noneMatch(line -> line.contains("is the same again"));
        assertThat(printedIn(first.id(), "stat", "-c", "%y", "/app/in.txt")).startsWith("1980-01-01 00:00:01");
    }

    @Test
    void aMissingDockerfileIsNamed() {
        assertThatThrownBy(() -> shop.build(new LoggingStage(log)))
                .isInstanceOf(ImageBuildFailedException.class)
                .hasMessage("image " + REPOSITORY + ":1 cannot be built: there is no Dockerfile in its context");
    }

    @Test
    void whatCannotBeSentIsNamed() throws Exception {
        dockerfile("FROM " + engine.image());
        Path pipe = context.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> shop.build(new LoggingStage(log)))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("the build context of " + REPOSITORY + ":1 cannot be read: " + pipe
                        + " is neither a file nor a directory nor a link: list it in .dockerignore");
    }

    @Test
    void anInterruptCancelsTheBuild() throws Exception {
        dockerfile("FROM " + engine.image(), "RUN echo begun; sleep 300");
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<Image> building = new FutureTask<>(() -> shop.build(new LoggingStage(log) {
            @Override
            public void log(String line) {
                if (line.equals("begun")) {
                    begun.countDown();
                }
            }
        }));
        Thread thread = new Thread(building);
        thread.start();
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

        thread.interrupt();

        assertThatThrownBy(() -> building.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
        engine.awaitNoContainerOfImage(engine.image());
    }

    @Test
    void anEngineThatIsNotThereIsNamed() throws Exception {
        dockerfile("FROM " + engine.image());

        assertThatThrownBy(() -> shop.engine(URI.create("unix:///nonexistent/docker.sock"))
                        .build(new LoggingStage(log)))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("no Docker engine answers at unix:///nonexistent/docker.sock (");
    }

    private void dockerfile(String... lines) throws IOException {
        write("Dockerfile", String.join("\n", lines) + "\n");
    }

    private Path write(String name, String content) throws IOException {
        Path file = context.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private String printedIn(String image, String... argv) throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Path workspace = Files.createDirectories(temporary.resolve("workspace"));
        DockerExecutor.container(image).network("none").run(Command.of(workspace, argv), printed::writeBytes);
        return printed.toString(StandardCharsets.UTF_8);
    }
}
