package dev.nonevent.pipeline.docker.swarm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PushResponseItem;
import dev.nonevent.pipeline.docker.Image;
import dev.nonevent.pipeline.docker.contract.PrivateSwarm;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.Streamed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real registry that the nodes of a swarm reach, without a login. */
final class PlainRegistry implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");

    private final Process process;
    private final String address;

    private PlainRegistry(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    static PlainRegistry start(String host, Path directory) throws IOException, InterruptedException {
        boolean there = Files.isExecutable(PROGRAM);
        if (!there && Boolean.getBoolean("engine.required")) {
            throw new IOException("engine.required is true, but there is no " + PROGRAM);
        }
        assumeTrue(there, "there is no " + PROGRAM);
        Path settings =
                Files.writeString(directory.resolve("registry.yml"), """
                version: 0.1
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "%s:0"}
                """.formatted(directory.resolve("storage"), host));
        Path printed = directory.resolve("registry.log");
        Process process = new ProcessBuilder(PROGRAM.toString(), "serve", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        Pattern said = Pattern.compile("listening on (" + Pattern.quote(host) + ":\\d+)\\D");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (process.isAlive() && System.nanoTime() < deadline) {
            Matcher listening = said.matcher(Files.readString(printed));
            if (listening.find()) {
                return new PlainRegistry(process, listening.group(1));
            }
            Thread.sleep(20);
        }
        process.destroyForcibly();
        throw new IOException("the registry does not listen: " + Files.readString(printed));
    }

    /** Known by its digest from then on. */
    Image push(Image image, PrivateSwarm swarm) throws Exception {
        String repository = address + "/shop";
        List<String> digests = new CopyOnWriteArrayList<>();
        try (Engine manager = swarm.manager().connect();
                Streamed<PushResponseItem> items = new Streamed<>(item -> {
                    if (item.getAux() != null && item.getAux().getDigest() != null) {
                        digests.add(item.getAux().getDigest());
                    }
                })) {
            manager.tell(
                    "tagging",
                    docker -> docker.tagImageCmd(image.id(), repository, "1").exec());
            manager.tell(
                    "pushing",
                    docker -> docker.pushImageCmd(repository)
                            .withTag("1")
                            .withAuthConfig(new AuthConfig())
                            .exec(items));
            items.ended().get(60, TimeUnit.SECONDS);
        }
        return new Image(repository + ":1", image.id(), Optional.of(digests.get(0)));
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
