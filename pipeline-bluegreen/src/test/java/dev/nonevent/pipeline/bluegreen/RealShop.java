package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.LocalProcesses;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** {@link TinyService} as real processes behind the real router. */
record RealShop(Path home, int port, Duration bake, Consumer<String> progress) {

    BlueGreen<Artifact> blueGreen() {
        return BlueGreen.blueGreen("shop")
                .on(LocalProcesses.localProcesses((release, listenOn) -> List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes(),
                        TinyService.class.getName(),
                        release.toString(),
                        "" + listenOn)))
                .traffic(Router.router(port))
                .health(HealthCheck.http("/health")
                        .every(Duration.ofMillis(100))
                        .healthyAfter(2))
                .smoke(HealthCheck.http("/health"))
                .bake(bake)
                .judge(Judge.errorRate().atMost(0.01).withAtLeast(10));
    }

    LiveRelease deploy(String release) throws Exception {
        return deploy(release, Steps.NONE, Failpoint.NONE);
    }

    /** The same to a part of the users first, if there are steps. */
    LiveRelease deploy(String release, Steps parts, Failpoint failpoint) throws Exception {
        Path file = Files.createDirectories(home.resolve("build")
                        .resolve("" + ProcessHandle.current().pid()))
                .resolve("release.txt");
        Files.writeString(file, release);
        BlueGreen<Artifact> all = blueGreen();
        BlueGreen<Artifact> declared = parts.equals(Steps.NONE) ? all : all.inSteps(steps -> parts);
        return declared.dyingAt(failpoint).deploy(store().keep(file), context());
    }

    DeploymentContext context() {
        return new DeploymentContext(
                home, store(), TimeSource.system(), "run-1", Optional.empty(), Optional.empty(), progress);
    }

    private FileArtifactStore store() {
        return FileArtifactStore.in(home.resolve("artifacts"));
    }

    private static String classes() {
        try {
            return Path.of(TinyService.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Deploys until somebody ends it. */
    static final class DeployingProcess {
        public static void main(String... args) throws Exception {
            new RealShop(Path.of(args[0]), Integer.parseInt(args[1]), Duration.ofMinutes(10), System.out::println)
                    .deploy(args[2]);
        }

        static Process start(Path home, int port, String release) throws IOException {
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            DeployingProcess.class.getName(),
                            home.toString(),
                            "" + port,
                            release)
                    .redirectErrorStream(true)
                    .start();
        }
    }
}
