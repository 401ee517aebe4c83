package dev.nonevent.pipeline.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** Where the files of one instance lie, and the mark by which its process is found. */
record InstanceFolder(Path home, String application, String deployment) {

    private static final int TAIL = 64 * 1024;

    /** Puts a copy of the artifact where no cleaning of a store reaches it. */
    static Path pin(Artifact artifact, ArtifactStore store, Path home) {
        Path pinned = home.toAbsolutePath()
                .normalize()
                .resolve("releases")
                .resolve(artifact.sha256())
                .resolve(artifact.name());
        try {
            if (Files.exists(pinned) && Files.size(pinned) == artifact.size()) {
                return pinned;
            }
            Files.createDirectories(pinned.resolveSibling("."));
            Path copy = pinned.resolveSibling(
                    artifact.name() + "." + ProcessHandle.current().pid() + ".next");
            store.copy(artifact, copy);
            Files.move(copy, pinned, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return pinned;
        } catch (IOException e) {
            throw new InfrastructureException(
                    "the artifact " + artifact.name() + " cannot be kept as " + pinned + ": " + e, e);
        }
    }

    Path directory() {
        return home.toAbsolutePath()
                .normalize()
                .resolve("instances")
                .resolve(application)
                .resolve(deployment);
    }

    Path output() {
        return directory().resolve("output.log");
    }

    /** Two homes on one machine may know applications of the same name. */
    static String mark(Path home, String application) {
        return "instance:" + shortHash(home.toAbsolutePath().normalize().toString()) + "/" + application;
    }

    String mark(Blueprint blueprint, int port) {
        return mark(home, application) + "/" + deployment + "/" + port + "/" + spec(blueprint);
    }

    /** Whether a process was started by this mark for the same thing, and not for one of the same name. */
    static boolean isOf(String mark, Blueprint blueprint) {
        return mark.endsWith("/" + spec(blueprint));
    }

    private static String spec(Blueprint blueprint) {
        return shortHash(blueprint.digest() + new TreeMap<>(blueprint.settings()));
    }

    static String deploymentOf(String mark) {
        return mark.split("/", -1)[2];
    }

    static int portOf(String mark) {
        return Integer.parseInt(mark.split("/", -1)[3]);
    }

    /** The end of what it printed. */
    List<String> lastLines(int lines) {
        if (!Files.exists(output())) {
            return List.of();
        }
        try (RandomAccessFile file = new RandomAccessFile(output().toFile(), "r")) {
            long size = file.length();
            byte[] tail = new byte[(int) Math.min(size, TAIL)];
            file.seek(size - tail.length);
            file.readFully(tail);
            List<String> all = new String(tail, UTF_8).lines().toList();
            return List.copyOf(all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return List.of("what it printed cannot be read from " + output() + ": " + e);
        }
    }

    private static String shortHash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
