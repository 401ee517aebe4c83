package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.ledger.FileLedger;
import dev.nonevent.pipeline.bluegreen.protocol.Protocol;
import dev.nonevent.pipeline.bluegreen.protocol.Table;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.testkit.FakeWorld;
import dev.nonevent.pipeline.bluegreen.traffic.Canary.HeaderMatch;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An application in a {@link FakeWorld}, as a pipeline would declare it. */
final class Shop {

    static final Duration BAKE = Duration.ofSeconds(2);

    static final HeaderMatch TESTERS = new HeaderMatch("X-Beta", "yes");
    private static final Steps STEPS =
            Steps.NONE.and(new Steps.Step(10, Duration.ofSeconds(6))).and(new Steps.Step(50, Duration.ofSeconds(2)));

    final FakeWorld world = new FakeWorld();
    final List<String> lines = new ArrayList<>();
    final Path home;
    private final Protocol protocol;
    /** Whether its releases are given to a part of the users first. */
    boolean inSteps;
    /** Whether some of its users have the new release from the first step on. */
    boolean hasTesters;

    Shop(Path home) {
        this(home, Table.BLUE_GREEN);
    }

    Shop(Path home, Protocol protocol) {
        this.home = home;
        this.protocol = protocol;
    }

    BlueGreen<String> blueGreen() {
        BlueGreen<String> all = in(world).following(protocol);
        return inSteps ? all.inSteps(none -> hasTesters ? STEPS.with(TESTERS) : STEPS) : all;
    }

    /** As a pipeline would declare it. */
    static Canary<String> canaryIn(FakeWorld world) {
        return Canary.canary("shop")
                .on(world.host())
                .traffic(world.switcher())
                .health(world.health())
                .step(5, Duration.ofSeconds(15))
                .step(25, Duration.ofSeconds(4))
                .step(50, Duration.ofSeconds(2))
                .bake(BAKE)
                .judge(Judge.errorRate().atMost(0.01));
    }

    static BlueGreen<String> in(FakeWorld world) {
        return in(world, new Interruptible(world.host()));
    }

    static BlueGreen<String> in(FakeWorld world, Host<String> host) {
        return BlueGreen.blueGreen("shop")
                .on(host)
                .traffic(world.switcher())
                .health(Interruptible.health(world.health())
                        .every(Duration.ofMillis(500))
                        .healthyAfter(3)
                        .within(Duration.ofSeconds(10)))
                .bake(BAKE)
                .judge(Judge.errorRate().atMost(0.01));
    }

    LiveRelease deploy(String artifact) throws InterruptedException {
        return blueGreen().deploy(artifact, context());
    }

    Standing standing() {
        return Standing.of(FileLedger.in(home.resolve("deployments/shop"), "shop", world.time())
                .read());
    }

    /** The deployments that users were switched to, in order. */
    List<String> switches() {
        return world.switcher().switches().stream().map(Target::deployment).toList();
    }

    /** Every routing ever put up, as {@code active} or {@code active, standby}. */
    List<String> routings() {
        return world.switcher().routings().stream()
                .map(routing -> Stream.concat(routing.active().stream(), routing.standby().stream())
                        .map(Target::deployment)
                        .collect(Collectors.joining(", ")))
                .toList();
    }

    /** The same, for a commit. */
    DeploymentContext context(String commit, Instant committedAt) {
        return new DeploymentContext(
                home,
                context().artifacts(),
                world.time(),
                "run-1",
                Optional.of(commit),
                Optional.of(committedAt),
                lines::add);
    }

    DeploymentContext context() {
        DeploymentContext context = world.context(home);
        return new DeploymentContext(
                home, context.artifacts(), context.time(), "run-1", Optional.empty(), Optional.empty(), lines::add);
    }
}
