package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.deployment.LocalProcesses;
import dev.nonevent.pipeline.executor.ProcessTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** {@link NumberedService} as processes of this machine. */
final class LocalPremises implements Premises {

    private final LocalProcesses processes = LocalProcesses.localProcesses((release, listenOn) -> List.of(
            DeployingProcess.java(),
            "-Xshare:auto",
            "-Xmx32m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            DeployingProcess.classes(),
            NumberedService.class.getName(),
            release.toString(),
            "" + listenOn));

    private final String word;

    LocalPremises(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }

    @Override
    public Blueprint prepare(String release, ArtifactStore store, Path home) {
        try {
            return processes.prepare(artifact(release, home), store, home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Artifact artifact(String release, Path home) throws IOException {
        Path file = Files.createDirectories(home.resolve("build")
                        .resolve("" + ProcessHandle.current().pid()))
                .resolve("release.txt");
        Files.writeString(file, release);
        return FileArtifactStore.in(home.resolve("artifacts")).keep(file);
    }

    @Override
    public boolean isOf(Blueprint blueprint, String release, Path home) throws IOException {
        return blueprint.settings().toString().contains(artifact(release, home).sha256());
    }

    @Override
    public Instance start(String application, String deployment, Blueprint blueprint, Path home)
            throws InterruptedException {
        return processes.start(application, deployment, blueprint, home);
    }

    @Override
    public boolean isRunning(Instance instance) {
        return processes.isRunning(instance);
    }

    @Override
    public List<Instance> running(String application, Path home) {
        return processes.running(application, home);
    }

    @Override
    public void stop(Instance instance, Duration grace) throws InterruptedException {
        processes.stop(instance, grace);
    }

    @Override
    public List<String> lastLines(Instance instance, Path home, int lines) {
        return processes.lastLines(instance, home, lines);
    }

    @Override
    public void crash(Instance instance) {
        ProcessTree.find(instance.id()).ifPresent(tree -> tree.stop(Duration.ZERO));
    }

    @Override
    public List<Integer> posts(Path home) throws IOException {
        Path folders = Files.createDirectories(home.resolve("instances"));
        try (Stream<Path> files = Files.walk(folders)) {
            return files.filter(file -> file.endsWith("output.log"))
                    .flatMap(LocalPremises::lines)
                    .filter(line -> line.startsWith("received "))
                    .map(line -> Integer.valueOf(line.substring("received ".length())))
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing is left of a process that has ended. */
    @Override
    public List<String> remains(String application, Path home) {
        return running(application, home).stream().map(Instance::deployment).toList();
    }

    /** Command lines of all processes that have to do with this home, whoever started them, are not explained. */
    @Override
    public List<String> clear(String application, Path home) {
        running(application, home).forEach(this::crash);
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(home.toString()))
                .toList();
    }
}
