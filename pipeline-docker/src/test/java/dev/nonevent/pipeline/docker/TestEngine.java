package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.BuildResponseItem;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Image;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.ImageShelf;
import dev.nonevent.pipeline.docker.engine.Owner;
import dev.nonevent.pipeline.docker.engine.Streamed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** The engine of a test run, with one image made from this machine's busybox: nothing is pulled. */
final class TestEngine implements AutoCloseable {

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private static final String MARK = "dev.nonevent.test";

    private final String mark = String.valueOf(ProcessHandle.current().pid());
    private final Engine engine;
    private final String image =
            "nonevent-test/busybox:" + ProcessHandle.current().pid();

    private TestEngine(Engine engine) {
        this.engine = engine;
    }

    static TestEngine prepare() throws Exception {
        if (!Files.isExecutable(BUSYBOX)) {
            throw new IOException("there is no " + BUSYBOX + " to make a test image from: install busybox-static");
        }
        TestEngine prepared = new TestEngine(Engine.at(Optional.empty()));
        prepared.engine.ask(
                "looking for the engine", docker -> docker.versionCmd().exec());
        prepared.buildImage();
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

    /** By a build: docker-java's import of a tar sends none of it. */
    private void buildImage() throws Exception {
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(context)) {
            file(tar, "files.tar", 0644, files());
            file(tar, "Dockerfile", 0644, "FROM scratch\nADD files.tar /\n".getBytes(StandardCharsets.UTF_8));
        }
        build(image, context.toByteArray());
    }

    /** An image with a busybox at its root, and no shell where shells are. */
    String buildBareImage() throws Exception {
        String bare = "nonevent-test/bare-" + ProcessHandle.current().pid() + ":1";
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(context)) {
            file(tar, "busybox", 0755, Files.readAllBytes(BUSYBOX));
            file(tar, "Dockerfile", 0644, "FROM scratch\nCOPY busybox /\n".getBytes(StandardCharsets.UTF_8));
        }
        build(bare, context.toByteArray());
        return bare;
    }

    private void build(String name, byte[] context) throws Exception {
        List<String> said = new CopyOnWriteArrayList<>();
        try (Streamed<BuildResponseItem> items =
                new Streamed<>(item -> said.add(String.valueOf(item.getRawValues())))) {
            ask(docker -> docker.buildImageCmd(new ByteArrayInputStream(context))
                    .withTags(Set.of(name))
                    .withLabels(Map.of(MARK, mark))
                    .exec(items));
            items.ended().get(60, TimeUnit.SECONDS);
        }
        if (new ImageShelf(engine).idOf(name).isEmpty()) {
            throw new IOException("the test image could not be built: " + said);
        }
    }

    private static byte[] files() throws IOException, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            directory(tar, "tmp/", 01777);
            directory(tar, "root/", 0700);
            file(tar, "etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\n".getBytes(StandardCharsets.UTF_8));
            file(tar, "bin/busybox", 0755, Files.readAllBytes(BUSYBOX));
            for (String name : applets()) {
                TarArchiveEntry link = new TarArchiveEntry("bin/" + name, TarConstants.LF_SYMLINK);
                link.setLinkName("busybox");
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static List<String> applets() throws IOException, InterruptedException {
        Process list = new ProcessBuilder(BUSYBOX.toString(), "--list").start();
        String names = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (list.waitFor() != 0) {
            throw new IOException(BUSYBOX + " --list exited " + list.exitValue());
        }
        return names.lines().filter(name -> !name.equals("busybox")).toList();
    }

    private static void directory(TarArchiveOutputStream tar, String name, int mode) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(040000 | mode);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(0100000 | mode);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
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
