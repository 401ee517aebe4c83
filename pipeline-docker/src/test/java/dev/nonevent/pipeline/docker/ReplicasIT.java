package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Container;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.engine.Owner;
import dev.nonevent.pipeline.docker.instance.Mark;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine
@Timeout(120)
class ReplicasIT {

    private static final HostPorts PORTS = new HostPorts(20_000, 29_999);

    private final TestEngine engine;
    private final TestRelease release;
    private final DockerHost host = DockerHost.port(8080).replicas(3);

    @TempDir
    Path home;

    ReplicasIT(TestEngine engine) {
        this.engine = engine;
        this.release = new TestRelease(engine);
    }

    @AfterEach
    void removeWhatIsLeft() {
        release.clear(home);
    }

    @Test
    void threeContainersAreOneInstanceAndEndTogether() throws Exception {
        Instance instance = start("shop-1");

        assertThat(instance.addresses()).hasSize(3).doesNotHaveDuplicates();
        assertThat(release.containers(home)).hasSize(3);
        assertThat(host.isRunning(instance)).isTrue();
        assertThat(host.running("shop", home)).containsExactly(instance);
        await(() -> isHealthy(instance));
        host.stop(instance, Duration.ofSeconds(10));
        assertThat(release.containers(home)).isEmpty();
        assertThat(host.isRunning(instance)).isFalse();
    }

    @Test
    void startThatDiedAfterOneOfThreeIsCompletedAndNothingIsDoubled() throws Exception {
        Blueprint blueprint = prepare("v1");
        Mark mark = Mark.of(home, "shop");
        Life first = new ReplicaStart(engine.engine(), mark, "shop-1", 1, blueprint, PORTS, TimeSource.system()).run();
        Map<String, String> dead = new TreeMap<>(mark.labels("shop-1", blueprint, first.address()));
        dead.put(Mark.STARTER, Owner.self().orElseThrow().place() + " 999999999@1");
        String unborn = engine.ask(docker -> docker.createContainerCmd(blueprint.digest())
                .withName(ReplicaStart.name(mark, "shop-1", 2))
                .withLabels(dead)
                .exec()
                .getId());
        Instance begun = host.running("shop", home).get(0);

        Instance instance = host.start("shop", "shop-1", blueprint, home);

        assertThat(begun.addresses()).containsExactly(first.address());
        assertThat(instance.addresses()).hasSize(3).doesNotHaveDuplicates().startsWith(first.address());
        assertThat(instance.id()).startsWith(first.identity());
        assertThat(release.containers(home))
                .hasSize(3)
                .extracting(Container::getId)
                .contains(first.container())
                .doesNotContain(unborn);
        assertThat(host.start("shop", "shop-1", blueprint, home)).isEqualTo(instance);
    }

    @Test
    void whatADeadProcessHasBegunIsStoppedAsItIs() throws Exception {
        Blueprint blueprint = prepare("v1");
        Mark mark = Mark.of(home, "shop");
        for (int number = 1; number <= 2; number++) {
            new ReplicaStart(engine.engine(), mark, "shop-1", number, blueprint, PORTS, TimeSource.system()).run();
        }

        Instance begun = host.running("shop", home).get(0);
        host.stop(begun, Duration.ZERO);

        assertThat(begun.addresses()).hasSize(2);
        assertThat(release.containers(home)).isEmpty();
    }

    @Test
    void whenOneCannotBeStartedNoneRunsOn() throws Exception {
        Blueprint blueprint = prepare("v1");
        String stranger = engine.ask(docker -> docker.createContainerCmd(blueprint.digest())
                .withName(ReplicaStart.name(Mark.of(home, "shop"), "shop-1", 3))
                .withLabels(Map.of(Mark.HOME, Mark.home(home)))
                .exec()
                .getId());

        assertThatThrownBy(() -> host.start("shop", "shop-1", blueprint, home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("something else runs as shop-1");

        assertThat(host.running("shop", home)).isEmpty();
        assertThat(release.containers(home)).extracting(Container::getId).containsExactly(stranger);
    }

    @Test
    void fourWhoStartAtOnceStartThree() throws Exception {
        Blueprint blueprint = prepare("v1");
        ExecutorService all = Executors.newFixedThreadPool(4);
        try {
            Callable<Instance> start = () -> host.start("shop", "shop-1", blueprint, home);

            List<Future<Instance>> started = all.invokeAll(List.of(start, start, start, start));

            Instance one = started.get(0).get();
            for (Future<Instance> each : started) {
                assertThat(each.get()).isEqualTo(one);
            }
            assertThat(release.containers(home)).hasSize(3);
        } finally {
            all.shutdownNow();
        }
    }

    @Test
    void oneStartedAgainMakesItAnotherInstanceInTheSamePlacesAndStillEndsWithTheOthers() throws Exception {
        Instance first = start("shop-1");

        engine.ask(docker -> {
            docker.restartContainerCmd(container(first, 2)).withTimeout(0).exec();
            return true;
        });

        assertThat(host.isRunning(first)).isFalse();
        Instance second = host.running("shop", home).get(0);
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.addresses()).isEqualTo(first.addresses());
        assertThat(host.isRunning(second)).isTrue();
        host.stop(first, Duration.ofSeconds(10));
        assertThat(release.containers(home)).isEmpty();
    }

    @Test
    void whatIsLeftRunsOnWithoutOneThatAPersonEnded() throws Exception {
        Instance first = start("shop-1");

        engine.ask(docker -> {
            docker.stopContainerCmd(container(first, 1)).withTimeout(0).exec();
            return true;
        });

        assertThat(host.isRunning(first)).isFalse();
        Instance left = host.running("shop", home).get(0);
        assertThat(left.addresses()).isEqualTo(first.addresses().subList(1, 3));
        assertThat(host.isRunning(left)).isTrue();
        assertThat(HealthCheck.http("/").probe(first).problem())
                .hasValueSatisfying(said -> assertThat(said).contains("at " + first.address()));
        host.tidy("shop", List.of(prepare("v1")), home);
        assertThat(release.containers(home)).as("its address is still its own").hasSize(3);
        host.stop(left, Duration.ofSeconds(10));
        assertThat(release.containers(home)).isEmpty();
    }

    @Test
    void linesSayOfWhichReplicaTheyAre() throws Exception {
        Instance instance = start("shop-1");

        await(() -> host.lastLines(instance, home, 20).size() == 3);

        assertThat(host.lastLines(instance, home, 20))
                .containsExactly("replica 1: hello", "replica 2: hello", "replica 3: hello");
        assertThat(host.lastLines(instance, home, 2)).hasSize(2);
    }

    @Test
    void oneReplicaIsTheReleaseThatItWasBefore() throws Exception {
        Blueprint before = prepare(DockerHost.port(8080), "v1");

        assertThat(prepare(host.replicas(1), "v1")).isEqualTo(before);
        assertThat(prepare(host, "v1")).isNotEqualTo(before);
        assertThat(host.replicas(1).addresses()).isEqualTo(1);
        assertThatThrownBy(() -> host.replicas(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> host.replicas(65))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a release has from 1 to 64 replicas, was 65");
    }

    private static String container(Instance instance, int number) {
        return Life.containerOf(Life.namedBy(instance).get(number - 1));
    }

    private Blueprint prepare(String version) throws Exception {
        return prepare(host, version);
    }

    private Blueprint prepare(DockerHost declared, String version) throws Exception {
        return declared.prepare(release.image(version), FileArtifactStore.in(home.resolve("artifacts")), home);
    }

    private Instance start(String deployment) throws Exception {
        return host.start("shop", deployment, prepare("v1"), home);
    }

    private static boolean isHealthy(Instance instance) {
        try {
            return HealthCheck.http("/").probe(instance).problem().isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within a minute").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
