package dev.nonevent.pipeline.bluegreen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.BlueGreen;
import dev.nonevent.pipeline.bluegreen.InMemory;
import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.deployment.Instance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The matrix finds nothing in what is in order, and finds what is not. */
@Timeout(120)
@Tag("long")
class CrashMatrixTest {

    @TempDir(factory = InMemory.class)
    Path home;

    private static BlueGreen<String> shop(FakeWorld world) {
        return BlueGreen.blueGreen("shop")
                .on(world.host())
                .traffic(world.switcher())
                .health(world.health())
                .bake(Duration.ofSeconds(2))
                .judge(Judge.errorRate().atMost(0.01));
    }

    private CrashMatrix matrix() {
        return CrashMatrix.of(home, CrashMatrixTest::shop);
    }

    /** A strategy with one fault, where the release that replaces v1 fails its users. */
    private CrashMatrix faulty(Function<FakeWorld, DeploymentStrategy<String, ?>> fault) {
        return CrashMatrix.of(home, fault)
                .after("v1")
                .when(world -> world.release("v2").fails(1));
    }

    @Test
    void firstDeploymentMayDieAnywhere() throws Exception {
        assertThat(matrix().deploying("v1")).hasSizeGreaterThan(15);
    }

    @Test
    void replacementMayDieAnywhereAndSoMayItsRecovery() throws Exception {
        List<String> boundaries = matrix().after("v1").alsoDyingInRecovery().deploying("v2");

        assertThat(boundaries).hasSizeGreaterThan(15).doesNotHaveDuplicates();
    }

    @Test
    void deployerMayDieWhileItsReleaseFailsUsers() throws Exception {
        assertThat(matrix().after("v1")
                        .when(world -> world.release("v2").fails(1))
                        .deploying("v2"))
                .hasSizeGreaterThan(20);
    }

    @Test
    void releaseThatIsRefusedMayTakeItsDeployerWithIt() throws Exception {
        assertThat(matrix().after("v1")
                        .when(world -> world.release("v2").isSick())
                        .deploying("v2"))
                .hasSizeGreaterThan(10);
    }

    @Test
    void wayBackMayDieAnywhereWarmOrCold() throws Exception {
        assertThat(matrix().after("v1", "v2").rollingBack()).hasSizeGreaterThan(15);
        assertThat(matrix().after("v1", "v2")
                        .when(world -> world.host().kill("v1"))
                        .rollingBack())
                .hasSizeGreaterThan(15);
    }

    @Test
    void recoveryThatDoesNothingIsFound() {
        CrashMatrix matrix = faulty(world -> new Wrapped(shop(world)) {
            @Override
            public List<String> recover(DeploymentContext context) {
                return List.of();
            }
        });

        assertThatThrownBy(() -> matrix.deploying("v2"))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("killed at ")
                .hasMessageContaining(": v2 serves users, which is none of [v1]");
    }

    @Test
    void recoveryThatNeverComesToAnEndIsFound() {
        CrashMatrix matrix = faulty(world -> new Wrapped(shop(world)) {
            @Override
            public List<String> recover(DeploymentContext context) throws InterruptedException {
                super.recover(context);
                return List.of("looked again");
            }
        });

        assertThatThrownBy(() -> matrix.deploying("v2"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("recovering again changed something: [looked again]");
    }

    @Test
    void recoveryThatStopsEverythingIsFound() {
        CrashMatrix matrix = faulty(world -> new Wrapped(shop(world)) {
            @Override
            public List<String> recover(DeploymentContext context) throws InterruptedException {
                List<String> done = super.recover(context);
                for (Instance instance : world.host().running("shop", context.home())) {
                    world.host().stop(instance, Duration.ZERO);
                }
                return done;
            }
        });

        assertThatThrownBy(() -> matrix.deploying("v2"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nothing serves users");
    }

    @Test
    void whatIsLeftRunningIsFound() {
        CrashMatrix matrix = faulty(world -> new Wrapped(shop(world)) {
            @Override
            public String down(DeploymentContext context) {
                return "done";
            }
        });

        assertThatThrownBy(() -> matrix.deploying("v2"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("it is down, and this runs: [v1, next]");
    }

    @Test
    void deploymentThatGoesAnotherWayEachTimeIsFound() {
        int[] times = {0};
        CrashMatrix matrix = CrashMatrix.of(
                home, world -> shop(world).keepOld(times[0]++ == 0 ? Duration.ZERO : Duration.ofMinutes(10)));

        assertThatThrownBy(() -> matrix.after("v1").deploying("v2"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("it went another way than the first time, and was not killed");
    }
}
