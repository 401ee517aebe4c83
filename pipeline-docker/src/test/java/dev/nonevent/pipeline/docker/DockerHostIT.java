package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network.Ipam;
import com.github.dockerjava.api.model.Ports.Binding;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.engine.Owner;
import dev.nonevent.pipeline.docker.instance.Mark;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
class DockerHostIT {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final TestEngine engine;
    private final TestRelease release;
    private final DockerHost host = DockerHost.port(8080);

    @TempDir
    Path home;

    DockerHostIT(TestEngine engine) {
        this.engine = engine;
        this.release = new TestRelease(engine);
    }

    @AfterEach
    void removeWhatIsLeft() {
        release.clear(home);
    }

    @Test
    void startedAgainItAnswersAtTheSameAddressAndIsAnother() throws Exception {
        Instance first = start(host, "shop-1", release.image("v1"));

        engine.ask(docker -> {
            docker.restartContainerCmd(Life.containerOf(first.id()))
                    .withTimeout(1)
                    .exec();
            return true;
        });

        assertThat(host.isRunning(first)).isFalse();
        Instance second = host.running("shop", home).get(0);
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.deployment()).isEqualTo("shop-1");
        assertThat(second.address()).isEqualTo(first.address());
        awaitHealthy(second);
        host.stop(first, GRACE);
        assertThat(host.isRunning(second)).isTrue();
        assertThat(start(host, "shop-1", release.image("v1"))).isEqualTo(second);
    }

    @Test
    void oneThatEndsByItselfIsStartedAgainAndIsNotWhatItWas() throws Exception {
        Instance first = start(host, "shop-1", release.image("brief", "sleep 1", ""));

        await(() -> !host.isRunning(first));

        await(() -> host.running("shop", home).stream()
                .anyMatch(again -> again.address().equals(first.address()) && !again.equals(first)));
        assertThat(host.lastLines(first, home, 5)).contains("hello");
    }

    @Test
    void anImageWhoseTagIsRemovedIsKeptUntilNoReleaseNeedsIt() throws Exception {
        Image old = release.image("v1");
        Blueprint blueprint = prepare(host, old);
        removeTag(old);

        Instance instance = host.start("shop", "shop-1", blueprint, home);

        String id = old.id().substring("sha256:".length(), "sha256:".length() + 12);
        String kept = "nonevent-keep/shop-" + Mark.home(home) + ":" + id;
        assertThat(release.keptTags(home)).containsExactly(kept);
        host.stop(instance, GRACE);
        host.tidy("shop", List.of(blueprint), home);
        assertThat(release.keptTags(home)).containsExactly(kept);
        host.tidy("shop", List.of(), home);
        assertThat(release.keptTags(home)).isEmpty();
        assertThatThrownBy(() -> host.start("shop", "shop-2", blueprint, home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("image " + old.id() + " is not on the engine at ")
                .hasMessageContaining("build it there, or push it");
    }

    @Test
    void anotherApplicationsImageStaysKept() throws Exception {
        Image image = release.image("v1");
        Instance one = start(host, "shop-1", image);
        Instance other = host.start("admin", "admin-1", prepare(host, image), home);
        host.stop(one, GRACE);

        host.tidy("shop", List.of(), home);

        assertThat(release.keptTags(home)).singleElement().asString().contains("/admin-" + Mark.home(home));
        assertThat(host.isRunning(other)).isTrue();
    }

    @Test
    void anImageThatIsNowhereIsASentence() {
        Image image = new Image("shop:1", "sha256:" + "0".repeat(64), Optional.empty());

        assertThatThrownBy(() -> prepare(host, image))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("image sha256:000000000000")
                .hasMessageContaining("is not on the engine at ");
    }

    @Test
    void aContainerMayOnlyWhatIsSaid() throws Exception {
        DockerHost bounded = host.memoryMib(64)
                .cpus(0.5)
                .processes(20)
                .readOnly()
                .user("1000:1000")
                .logs(1, 2)
                .env("GREETING", "hello");

        Instance instance = start(bounded, "shop-1", release.image("v1"));

        HostConfig limits = release.inspect(instance).getHostConfig();
        assertThat(limits.getMemory()).isEqualTo(64L << 20);
        assertThat(limits.getMemorySwap()).isEqualTo(64L << 20);
        assertThat(limits.getNanoCPUs()).isEqualTo(500_000_000L);
        assertThat(limits.getPidsLimit()).isEqualTo(20);
        assertThat(limits.getReadonlyRootfs()).isTrue();
        assertThat(limits.getCapDrop()).extracting(Enum::name).containsExactly("ALL");
        assertThat(limits.getSecurityOpts()).containsExactly("no-new-privileges");
        assertThat(limits.getInit()).isTrue();
        assertThat(limits.getBinds()).isNullOrEmpty();
        assertThat(limits.getRestartPolicy().getName()).isEqualTo("always");
        assertThat(limits.getLogConfig().getConfig()).isEqualTo(Map.of("max-size", "1m", "max-file", "2"));
        assertThat(release.inspect(instance).getConfig().getUser()).isEqualTo("1000:1000");
        assertThat(release.inspect(instance).getConfig().getEnv()).contains("GREETING=hello");
        Binding[] bound =
                limits.getPortBindings().getBindings().values().iterator().next();
        assertThat(bound).extracting(Binding::getHostIp).containsExactly("127.0.0.1");
        awaitHealthy(instance);
    }

    @Test
    void whatIsReadOnlyCanWriteInMemoryAlone() throws Exception {
        Image image = release.image(
                "writer", "touch /tmp/a && echo temporary; touch /b || echo refused; exec sleep 1000", "");

        Instance instance = start(host.readOnly(), "shop-1", image);

        await(() -> host.lastLines(instance, home, 10).contains("refused"));
        assertThat(host.lastLines(instance, home, 10)).contains("temporary");
    }

    @Test
    void inAPrivateNetworkEachHasAnAddressOfItsOwnThatStays() throws Exception {
        String network = "nonevent-test-" + ProcessHandle.current().pid();
        String subnet = "10.214." + ProcessHandle.current().pid() % 250 + ".0/29";
        String id = engine.ask(docker -> docker.createNetworkCmd()
                .withName(network)
                .withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(subnet)))
                .exec()
                .getId());
        try {
            DockerHost inside = host.privateNetwork(network);
            Instance one = start(inside, "shop-1", release.image("v1"));
            Instance two = start(inside, "shop-2", release.image("v1"));

            assertThat(List.of(one.address().getHost(), two.address().getHost()))
                    .doesNotHaveDuplicates()
                    .allMatch(address -> address.startsWith("10.214."));
            assertThat(String.valueOf(release.inspect(one).getNetworkSettings().getPorts()))
                    .doesNotContain("127.0.0.1");
            awaitHealthy(one);
            awaitHealthy(two);
            engine.ask(docker -> {
                docker.restartContainerCmd(Life.containerOf(one.id()))
                        .withTimeout(1)
                        .exec();
                return true;
            });
            assertThat(host.running("shop", home)).extracting(Instance::address).contains(one.address());
            awaitHealthy(one);
        } finally {
            release.clear(home);
            engine.ask(docker -> {
                docker.removeNetworkCmd(id).exec();
                return true;
            });
        }
    }

    @Test
    void twoWhoStartAtOnceStartOne() throws Exception {
        Blueprint blueprint = prepare(host, release.image("v1"));
        ExecutorService both = Executors.newFixedThreadPool(4);
        try {
            Callable<Instance> start = () -> DockerHost.port(8080).start("shop", "shop-1", blueprint, home);
            List<Future<Instance>> started = both.invokeAll(List.of(start, start, start, start));

            Instance one = started.get(0).get();
            for (Future<Instance> each : started) {
                assertThat(each.get()).isEqualTo(one);
            }
            assertThat(release.containers(home)).hasSize(1);
        } finally {
            both.shutdownNow();
        }
    }

    @Test
    void somethingElseUnderTheNameOfADeploymentIsNotTouched() throws Exception {
        Instance instance = start(host, "shop-1", release.image("v1"));
        Blueprint another = prepare(host.env("COLOUR", "red"), release.image("v1"));

        assertThatThrownBy(() -> host.start("shop", "shop-1", another, home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("something else runs as shop-1");

        assertThat(host.isRunning(instance)).isTrue();
    }

    @Test
    void aPausedOneIsAliveAndCanBeStopped() throws Exception {
        Instance instance = start(host, "shop-1", release.image("v1"));
        engine.ask(docker -> {
            docker.pauseContainerCmd(Life.containerOf(instance.id())).exec();
            return true;
        });

        assertThat(host.isRunning(instance)).isTrue();
        assertThat(HealthCheck.http("/").probe(instance).problem()).isPresent();
        host.stop(instance, Duration.ofSeconds(1));
        assertThat(release.containers(home)).isEmpty();
    }

    @Test
    void oneThatDoesNotEndWhenAskedIsKilledAndIsNotStartedAgain() throws Exception {
        Image deaf = release.image("deaf", "trap '' TERM\nexec httpd -f -p 8080 -h /www", "");
        Instance instance = start(host, "shop-1", deaf);
        awaitHealthy(instance);

        host.stop(instance, Duration.ofSeconds(1));

        assertThat(host.isRunning(instance)).isFalse();
        assertThat(release.containers(home)).isEmpty();
    }

    @Test
    void whatADeadProcessMadeAndDidNotStartIsRemovedAndNothingElse() throws Exception {
        Image image = release.image("v1");
        Instance running = start(host, "shop-1", image);
        Map<String, String> labels = Mark.of(home, "shop").labels("shop-2", prepare(host, image), running.address());
        String ofTheDead =
                created(image, with(labels, Owner.self().orElseThrow().place() + " 999999999@1"));
        String ofTheLiving = created(image, labels);
        String ofElsewhere = created(image, with(labels, "another/machine 999999999@1"));

        host.tidy("shop", List.of(), home);

        assertThat(release.containers(home))
                .extracting(Container::getId)
                .contains(ofTheLiving, ofElsewhere, Life.containerOf(running.id()))
                .doesNotContain(ofTheDead);
    }

    @Test
    void aPortThatSomebodyTookMeanwhileIsLeftToHim() throws Exception {
        Image image = release.image("v1");
        Blueprint blueprint = prepare(host, image);
        try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI taken = URI.create("http://127.0.0.1:" + stranger.getLocalPort());
            Mark mark = Mark.of(home, "shop");
            engine.ask(docker -> new InstanceContainer(blueprint)
                    .configured(
                            docker.createContainerCmd(image.id()).withName(mark.name("shop-1")),
                            taken,
                            mark.labels("shop-1", blueprint, taken))
                    .exec());

            Instance instance = host.start("shop", "shop-1", blueprint, home);

            assertThat(instance.address()).isNotEqualTo(taken);
            awaitHealthy(instance);
        }
        assertThat(release.containers(home)).hasSize(1);
    }

    @Test
    void theImagesOwnHealthCheckIsAsked() throws Exception {
        Image sound = release.image(
                "sound", "HEALTHCHECK --interval=1s --start-period=1s CMD wget -q -O /dev/null http://127.0.0.1:8080/");
        Image sick = release.image("sick", "HEALTHCHECK --interval=1s --retries=1 CMD echo no database; exit 1");
        Instance healthy = start(host, "shop-1", sound);
        Instance unhealthy = start(host, "shop-2", sick);
        Instance silent = start(host, "shop-3", release.image("v1"));
        HealthCheck check = host.healthCheck();

        await(() -> problem(check, healthy).isEmpty());
        await(() -> problem(check, unhealthy).equals(Optional.of("is unhealthy, no database")));
        assertThat(problem(check, silent))
                .hasValueSatisfying(said -> assertThat(said).contains("give the image a HEALTHCHECK"));
        host.stop(healthy, GRACE);
        assertThat(problem(check, healthy)).contains("has 0 containers to ask");
    }

    private static Optional<String> problem(HealthCheck check, Instance instance) {
        try {
            return check.probe(instance).problem();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private String created(Image image, Map<String, String> labels) {
        return engine.ask(docker ->
                docker.createContainerCmd(image.id()).withLabels(labels).exec().getId());
    }

    private static Map<String, String> with(Map<String, String> labels, String starter) {
        Map<String, String> changed = new TreeMap<>(labels);
        changed.put(Mark.STARTER, starter);
        return changed;
    }

    private void removeTag(Image image) {
        engine.ask(docker -> {
            docker.removeImageCmd(image.reference()).exec();
            return true;
        });
    }

    private Blueprint prepare(DockerHost declared, Image image) {
        return declared.prepare(image, FileArtifactStore.in(home.resolve("artifacts")), home);
    }

    private Instance start(DockerHost declared, String deployment, Image image) throws InterruptedException {
        return declared.start("shop", deployment, prepare(declared, image), home);
    }

    private static void awaitHealthy(Instance instance) throws InterruptedException {
        await(() -> problem(HealthCheck.http("/"), instance).isEmpty());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within a minute").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
