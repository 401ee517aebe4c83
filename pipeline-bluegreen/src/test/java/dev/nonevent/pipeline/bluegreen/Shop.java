package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.HealthCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An application in a {@link FakeWorld}, as a pipeline would declare it. */
final class Shop {

    static final Duration BAKE = Duration.ofSeconds(2);

    final FakeWorld world = new FakeWorld();
    final List<String> lines = new ArrayList<>();
    final Path home;

    Shop(Path home) {
        this.home = home;
    }

    BlueGreen<String> blueGreen() {
        return BlueGreen.blueGreen("shop")
                .on(new FakeHost(world))
                .traffic(new FakeTraffic(world))
                .health(HealthCheck.by("GET /health", world::probe)
                        .every(Duration.ofMillis(500))
                        .healthyAfter(3)
                        .within(Duration.ofSeconds(10)))
                .bake(BAKE)
                .judge(Judge.errorRate().atMost(0.01));
    }

    LiveRelease deploy(String artifact) throws InterruptedException {
        return blueGreen().deploy(artifact, context());
    }

    DeploymentContext context() {
        return new DeploymentContext(
                home, new NoStore(), world.time, "run-1", Optional.empty(), Optional.empty(), lines::add);
    }

    /** The fake host keeps nothing. */
    private static final class NoStore implements ArtifactStore {
        @Override
        public Artifact keep(Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Tree keepTree(Path directory) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Artifact> find(String sha256) {
            return Optional.empty();
        }

        @Override
        public void copy(Artifact artifact, Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void copy(Tree tree, Path directory) {
            throw new UnsupportedOperationException();
        }
    }
}
