package dev.nonevent.pipeline.docker.contract;

import com.github.dockerjava.api.model.BuildResponseItem;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.ImageShelf;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Images made from this machine's static busybox, where nothing can be pulled. */
public final class BusyboxImage {

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private BusyboxImage() {}

    /** Why none can be made here; empty if one can. */
    public static Optional<String> missing() {
        return Files.isExecutable(BUSYBOX)
                ? Optional.empty()
                : Optional.of("there is no " + BUSYBOX + " to make a test image from: install busybox-static");
    }

    /** An image with busybox as every command it can be, and nothing else. By a build: docker-java's import sends nothing. */
    public static void build(Engine engine, String name, Map<String, String> labels)
            throws IOException, InterruptedException {
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(context)) {
            file(tar, "files.tar", 0644, files());
            file(tar, "Dockerfile", 0644, "FROM scratch\nADD files.tar /\n".getBytes(StandardCharsets.UTF_8));
        }
        build(engine, name, labels, context.toByteArray());
    }

    /** An image with a busybox at its root, and no shell where shells are. */
    public static void buildBare(Engine engine, String name, Map<String, String> labels)
            throws IOException, InterruptedException {
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(context)) {
            file(tar, "busybox", 0755, Files.readAllBytes(BUSYBOX));
            file(tar, "Dockerfile", 0644, "FROM scratch\nCOPY busybox /\n".getBytes(StandardCharsets.UTF_8));
        }
        build(engine, name, labels, context.toByteArray());
    }

    /** @param context a tar with a Dockerfile in it */
    public static void build(Engine engine, String name, Map<String, String> labels, byte[] context)
            throws IOException, InterruptedException {
        List<String> said = new CopyOnWriteArrayList<>();
        try (Streamed<BuildResponseItem> items =
                new Streamed<>(item -> said.add(String.valueOf(item.getRawValues())))) {
            engine.ask(
                    "building " + name,
                    docker -> docker.buildImageCmd(new ByteArrayInputStream(context))
                            .withTags(Set.of(name))
                            .withLabels(labels)
                            .exec(items));
            items.ended().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the test image could not be built: " + said, e);
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

    public static void file(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(0100000 | mode);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
