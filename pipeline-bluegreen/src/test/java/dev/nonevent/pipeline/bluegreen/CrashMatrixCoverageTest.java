package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.testkit.CrashMatrix;
import dev.nonevent.pipeline.bluegreen.testkit.FakeWorld;
import dev.nonevent.pipeline.bluegreen.testkit.Wrapped;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The matrix finds its boundaries from outside; the code names its own as {@link Failpoint}s. None of those may be missing. */
@Timeout(60)
@Tag("long")
class CrashMatrixCoverageTest {

    @TempDir(factory = InMemory.class)
    Path home;

    /** All that survives a death, seen from outside. */
    private record State(long ledger, Route route, boolean open, List<String> releases) {

        static State of(FakeWorld world, Path home) {
            try {
                return new State(
                        Files.size(home.resolve("deployments/shop/ledger.log")),
                        world.switcher().route(),
                        world.switcher().isOpen(),
                        world.host().releases());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final Map<State, String> named = new HashMap<>();
    private final Set<State> died = new HashSet<>();

    /** Looks where the code says that it could die, and where it did. */
    private final class Observed extends Wrapped {

        private final FakeWorld world;

        Observed(FakeWorld world) {
            super(Shop.in(world));
            this.world = world;
        }

        @Override
        public Object deploy(String artifact, DeploymentContext context) throws InterruptedException {
            Failpoint look = artifact.equals("v2")
                    ? boundary -> named.putIfAbsent(State.of(world, context.home()), boundary)
                    : Failpoint.NONE;
            return Shop.in(world).dyingAt(look).deploy(artifact, context);
        }

        @Override
        public List<String> recover(DeploymentContext context) throws InterruptedException {
            died.add(State.of(world, context.home()));
            return super.recover(context);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1})
    void everyBoundaryThatTheCodeNamesIsOneThatTheMatrixDiesAt(double errorRate) throws Exception {
        CrashMatrix.of(home, Observed::new)
                .after("v1")
                .when(world -> world.release("v2").fails(errorRate))
                .deploying("v2");

        assertThat(named).hasSizeGreaterThan(15);
        assertThat(named)
                .allSatisfy((state, boundary) -> assertThat(died).as(boundary).contains(state));
    }
}
