package dev.nonevent.pipeline.examples;

import static dev.nonevent.pipeline.docker.DockerImage.dockerImage;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.run.RunRequest;
import dev.nonevent.pipeline.run.RunResult;
import dev.nonevent.pipeline.work.Trigger;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a scene on Docker needs where nothing can be pulled: a registry of its own, and an image to begin with, made of this
 * machine's busybox. It has a label, and so has all that is made of it: by that it is removed.
 */
final class Dockyard implements Props {

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private final Path directory;
    private final SceneObjects objects;
    private @Nullable LocalRegistry registry;

    Dockyard(Path scene) {
        this.directory = scene.resolve("dockyard");
        this.objects =
                new SceneObjects(UUID.nameUUIDFromBytes(directory.toString().getBytes(StandardCharsets.UTF_8))
                        .toString());
    }

    /** {@code 127.0.0.1:…} */
    String registry() {
        LocalRegistry started = registry;
        if (started == null) {
            throw new IllegalStateException("the dockyard is not set up");
        }
        return started.address();
    }

    /** An image with a busybox as every command it can be, and a very small database. */
    String base() {
        return registry() + "/base:1";
    }

    @Override
    public void require() throws Exception {
        objects.requireEngine();
        LocalRegistry.require();
        if (!Files.isExecutable(BUSYBOX) || isDynamic()) {
            throw new InfrastructureException(
                    "there is no static " + BUSYBOX + " to make an image of: install busybox-static");
        }
    }

    /** In an image of its own it would not find the machine's libraries. */
    private static boolean isDynamic() throws IOException, InterruptedException {
        return Answer.of("ldd", BUSYBOX.toString()).succeeded();
    }

    @Override
    public void setUp() throws Exception {
        Files.createDirectories(directory);
        registry = LocalRegistry.start(directory);
        Path context = Files.createDirectory(directory.resolve("base"));
        Files.copy(BUSYBOX, context.resolve("busybox"));
        for (String file : List.of("Dockerfile", "tinydb", "db")) {
            Files.writeString(
                    context.resolve(file), resource(file).replace("dev.nonevent.scene=SCENE", objects.label()));
        }
        build(context);
    }

    private void build(Path context) throws InterruptedException {
        Pipeline pipeline = Pipeline.define(
                "base",
                p -> p.stage("image")
                        .run(ctx -> dockerImage(registry() + "/base")
                                .tag("1")
                                .contextDirectory(context)
                                .build(ctx)));
        RunResult made =
                PipelineRunner.in(directory.resolve("home")).run(Plan.of(pipeline), RunRequest.of(Trigger.manual()));
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while the base image was built");
        }
        if (!made.outcome().hasPassed()) {
            throw new InfrastructureException("the base image was not made: " + made.firstProblem());
        }
    }

    private static String resource(String file) throws IOException {
        String name = "/containers/base/" + file;
        try (InputStream content = Dockyard.class.getResourceAsStream(name)) {
            if (content == null) {
                throw new FileNotFoundException("the class path has no " + name);
            }
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void clear() throws InterruptedException {
        LocalRegistry.endAllOf(directory);
        objects.removeAll();
    }
}
