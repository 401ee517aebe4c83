package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.api.model.Network;
import dev.nonevent.pipeline.docker.contract.BusyboxImage;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.Owner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The engine of a test run, with one image made from this machine's busybox: nothing is pulled. */
final class TestEngine implements AutoCloseable {

    private static final String MARK = "dev.nonevent.test";

    private final String mark = String.valueOf(ProcessHandle.current().pid());
    private final Engine engine;
    private final String image =
            "nonevent-test/busybox:" + ProcessHandle.current().pid();

    private TestEngine(Engine engine) {
        this.engine = engine;
    }

    static TestEngine prepare() throws Exception {
        Optional<String> missing = BusyboxImage.missing();
        if (missing.isPresent()) {
            throw new IOException(missing.get());
        }
        TestEngine prepared = new TestEngine(Engine.at(Optional.empty()));
        prepared.engine.ask(
                "looking for the engine", docker -> docker.versionCmd().exec());
        BusyboxImage.build(prepared.engine, prepared.image, Map.of(MARK, prepared.mark));
        return prepared;
    }

    /** The image's name. It has busybox as every command it can be, and nothing else. */
    String image() {
        return image;
    }

    Engine engine() {
        return engine;
    }

    <T> T ask(Function<DockerClient, T> question) {
        return engine.ask("testing", question);
    }

    /** Containers of this very process that are there, running or not. */
    List<Container> containers() {
        Owner self = Owner.self().orElseThrow();
        return ask(docker -> docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(Owner.PROCESS, self.process()))
                .exec());
    }

    /** Removes the volumes behind a cache, of every user. */
    void removeCaches(String cache) {
        ask(docker -> docker.listVolumesCmd()
                        .withFilter("label", List.of("dev.nonevent.cache=" + cache))
                        .exec()
                        .getVolumes())
                .forEach(volume -> ask(docker -> {
                    docker.removeVolumeCmd(volume.getName()).exec();
                    return true;
                }));
    }

    /** Removes every image of a repository. */
    void removeImages(String repository) {
        ask(docker -> docker.listImagesCmd().withReferenceFilter(repository).exec())
                .forEach(each -> ask(docker -> {
                    docker.removeImageCmd(each.getId()).withForce(true).exec();
                    return true;
                }));
    }

    /** Waits for the engine to remove what a cancelled build left running. */
    void awaitNoContainerOfImage(String name) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!ask(docker -> docker.listContainersCmd()
                        .withShowAll(true)
                        .withAncestorFilter(List.of(name))
                        .exec())
                .isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("a container of " + name + " is still there after 30 s");
            }
            Thread.sleep(50);
        }
    }

    /** An image with a busybox at its root, and no shell where shells are. */
    String buildBareImage() throws Exception {
        String bare = "nonevent-test/bare-" + ProcessHandle.current().pid() + ":1";
        BusyboxImage.buildBare(engine, bare, Map.of(MARK, mark));
        return bare;
    }

    /** An image made of ours by further instructions of a Dockerfile. */
    String buildWith(String suffix, String... instructions) throws Exception {
        String made = "nonevent-test/" + suffix + "-" + ProcessHandle.current().pid() + ":1";
        String dockerfile = "FROM " + image + "\n" + String.join("\n", instructions) + "\n";
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(context)) {
            BusyboxImage.file(tar, "Dockerfile", 0644, dockerfile.getBytes(StandardCharsets.UTF_8));
        }
        BusyboxImage.build(engine, made, Map.of(MARK, mark), context.toByteArray());
        return made;
    }

    /** Networks of this very process. */
    List<Network> networks() {
        Owner self = Owner.self().orElseThrow();
        return ask(docker -> docker.listNetworksCmd()
                .withFilter("label", List.of(Owner.PROCESS + "=" + self.process()))
                .exec());
    }

    /** With the images tests built from ours, which inherit its mark: tagged, left by a failed build, or both. */
    @Override
    public void close() {
        List<Image> ours = List.of();
        int before;
        do {
            before = ours.size();
            ours = ask(docker ->
                    docker.listImagesCmd().withLabelFilter(Map.of(MARK, mark)).exec());
            ours.forEach(this::removeIfNoneIsMadeOfIt);
        } while (!ours.isEmpty() && ours.size() != before);
        engine.close();
        if (!ours.isEmpty()) {
            throw new AssertionError("images of the tests are left: " + ours);
        }
    }

    private void removeIfNoneIsMadeOfIt(Image each) {
        try {
            ask(docker -> {
                docker.removeImageCmd(each.getId()).withForce(true).exec();
                return true;
            });
        } catch (EngineRefusedException madeOfIt) {
            if (!madeOfIt.isConflict() && !madeOfIt.isNotFound()) {
                throw madeOfIt;
            }
        }
    }
}
