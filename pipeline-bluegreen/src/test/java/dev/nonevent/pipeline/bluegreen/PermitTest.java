package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.bluegreen.freeze.FreezeWindow;
import dev.nonevent.pipeline.bluegreen.ledger.FileLedger;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerLine;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which release may be deployed at all, and what is a release. */
class PermitTest extends InAShop {

    /** Noon UTC of the shop's day lies in it. */
    private static final List<FreezeWindow> TODAY = List.of(FreezeWindow.once(
            LocalDateTime.parse("2026-11-23T08:00"),
            LocalDateTime.parse("2026-11-24T08:00"),
            ZoneId.of("Europe/Berlin"),
            "Black Friday week begins"));

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void configurationOnlyChangeIsAReleaseOfItsOwn() throws Exception {
        Map<String, String> configuration = new HashMap<>(Map.of("colour", "red"));
        BlueGreen<String> strategy = Shop.in(world, new Configured(world.host(), configuration));
        strategy.deploy("v1", shop.context());
        configuration.put("colour", "green");

        LiveRelease live = strategy.deploy("v1", shop.context());

        assertThat(live.alreadyLive()).isFalse();
        assertThat(shop.switches()).containsExactly("shop-1", "shop-2");
        assertThat(strategy.rollBack(shop.context())).contains("which was still warm");
        assertThat(strategy.history(shop.context()))
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.release().digest()).isEqualTo("sha256:v1"));
    }

    @Test
    void olderCommitThatFinishesLateIsSuperseded() throws Exception {
        shop.blueGreen().deploy("v2", shop.context("bbbbbbb", NOON));

        DeploymentFailedException late = catchThrowableOfType(
                DeploymentFailedException.class,
                () -> shop.blueGreen().deploy("v1", shop.context("aaaaaaa", NOON.minusSeconds(60))));

        assertThat(late)
                .hasMessage("SUPERSEDED: aaaaaaa was committed at 2026-11-22T11:59:00Z, before blue (bbbbbbb)"
                        + " (2026-11-22T12:00:00Z), which is stable; nothing was begun, traffic is on blue (bbbbbbb);"
                        + " roll back if you want to go back, or commit it again on top");
        assertThat(world.served()).contains("v2");
        assertThat(world.host().started()).isEqualTo(1);
        assertThat(last(LedgerEntry.Superseded.class).by()).isEqualTo("shop-1");
    }

    @Test
    void newerCommitAndOneOfUnknownTimeAreDeployed() throws Exception {
        shop.blueGreen().deploy("v1", shop.context("aaaaaaa", NOON));
        shop.blueGreen().deploy("v2", shop.context("bbbbbbb", NOON.plusSeconds(1)));

        shop.deploy("v3");

        assertThat(world.served()).contains("v3");
    }

    @Test
    void rollingBackToAnOlderCommitIsNotSuperseded() throws Exception {
        shop.blueGreen().deploy("v1", shop.context("aaaaaaa", NOON));
        shop.blueGreen().deploy("v2", shop.context("bbbbbbb", NOON.plusSeconds(1)));

        shop.blueGreen().rollBack(shop.context());

        assertThat(world.served()).contains("v1");
    }

    @Test
    void inAFreezeNothingIsDeployedAndTheSentenceSaysUntilWhen() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> shop.blueGreen().freeze(TODAY).deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessage(
                        "v2 is not deployed: frozen until Tuesday 2026-11-24 08:00 in Europe/Berlin: Black Friday week"
                                + " begins; deploy then, or say who you are and why it cannot wait; nothing was begun, traffic is"
                                + " on blue (v1); a rollback is always possible");
        assertThat(world.host().started()).isEqualTo(1);

        world.time().pass(Duration.ofHours(20));
        shop.blueGreen().freeze(TODAY).deploy("v2", shop.context());
        assertThat(world.served()).contains("v2");
    }

    @Test
    void inAFreezeARollbackIsPossible() throws Exception {
        shop.deploy("v1");
        shop.deploy("v2");

        shop.blueGreen().freeze(TODAY).rollBack(shop.context());

        assertThat(world.served()).contains("v1");
    }

    @Test
    void whoDeploysInAFreezeIsWrittenIntoTheLedger() throws Exception {
        shop.deploy("v1");

        shop.blueGreen()
                .freeze(TODAY)
                .despiteFreeze("ops", "the shop sells at half the price")
                .deploy("v2", shop.context());

        assertThat(world.served()).contains("v2");
        String sentence = "ops deployed in the freeze from 2026-11-23T08:00 until 2026-11-24T08:00 in Europe/Berlin"
                + " (Black Friday week begins): the shop sells at half the price";
        assertThat(last(LedgerEntry.FreezePassed.class).sentence()).isEqualTo(sentence);
        assertThat(shop.lines).contains(sentence);
    }

    @Test
    void thePlanSaysWhenNothingIsDeployedAndWhoIsAsked() {
        assertThat(shop.blueGreen()
                        .freeze(TODAY)
                        .guard("change board", release -> Optional.empty())
                        .worstCase())
                .contains(
                        "nothing is deployed from 2026-11-23T08:00 until 2026-11-24T08:00 in Europe/Berlin (Black Friday"
                                + " week begins)",
                        "asked before anything is begun: change board");
        assertThat(shop.blueGreen().guard(" ", release -> Optional.empty()).problems())
                .containsExactly("a guard without a name says nobody who refused; give it one");
    }

    @Test
    void whileUsersAreTurnedAwayNothingIsBegunThatOnlyTheyCouldJudge() throws Exception {
        shop.deploy("v1");
        world.switcher().can(EnumSet.allOf(Capability.class));
        Route before = world.switcher().route();
        Routing stopped = before.routing().admission(new Admission.Stopped("We are back at noon."));
        world.switcher().becomes(new Route(stopped, 1, before.generation() + 1));

        assertThatThrownBy(() -> shop.deploy("v2"))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessage("v2 could not be judged: the traffic is stopped, and users get a maintenance page; nothing"
                        + " was begun, traffic is on blue (v1); let them in first, or say whenInconclusive(PROCEED) to"
                        + " let the health checks decide");

        assertThat(shop.standing().last().orElseThrow().release().version()).isEqualTo("v1");
    }

    @Test
    void aGuardThatObjectsKeepsAnythingFromBeingBegun() throws Exception {
        shop.deploy("v1");
        List<String> asked = new ArrayList<>();
        var guarded = shop.blueGreen().guard("change board", release -> {
            asked.add(release.version());
            return Optional.of("no change is approved for it");
        });

        assertThatThrownBy(() -> guarded.deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessage("the guard \"change board\" refuses v2: no change is approved for it; nothing was begun,"
                        + " traffic is on blue (v1); deploy again when it agrees");
        assertThat(guarded.deploy("v1", shop.context()).alreadyLive()).isTrue();
        assertThat(asked).containsExactly("v2");
        assertThat(world.host().started()).isEqualTo(1);
    }

    @Test
    void aGuardThatCannotSayIsNoPermission() throws Exception {
        shop.deploy("v1");
        var guarded = shop.blueGreen().guard("change board", release -> {
            throw new java.io.IOException("connection refused");
        });

        assertThatThrownBy(() -> guarded.deploy("v2", shop.context()))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith(
                        "the guard \"change board\" could not say whether v2 may be deployed, so nothing was"
                                + " begun: ");
        assertThat(world.host().started()).isEqualTo(1);
    }

    private <T extends LedgerEntry> T last(Class<T> kind) {
        return FileLedger.in(home.resolve("deployments/shop"), "shop", world.time()).read().stream()
                .map(LedgerLine::entry)
                .filter(kind::isInstance)
                .map(kind::cast)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    /** A host whose releases are started with a configuration. */
    private record Configured(Host<String> host, Map<String, String> configuration) implements Host<String> {

        @Override
        public Blueprint prepare(String artifact, ArtifactStore store, Path home) {
            Blueprint plain = host.prepare(artifact, store, home);
            Map<String, String> settings = new HashMap<>(plain.settings());
            settings.putAll(configuration);
            return new Blueprint(plain.digest(), settings);
        }

        @Override
        public Instance start(String application, String deployment, Blueprint blueprint, Path home)
                throws InterruptedException {
            return host.start(application, deployment, blueprint, home);
        }

        @Override
        public boolean isRunning(Instance instance) {
            return host.isRunning(instance);
        }

        @Override
        public List<Instance> running(String application, Path home) {
            return host.running(application, home);
        }

        @Override
        public void stop(Instance instance, Duration grace) throws InterruptedException {
            host.stop(instance, grace);
        }

        @Override
        public List<String> lastLines(Instance instance, Path home, int lines) {
            return host.lastLines(instance, home, lines);
        }
    }
}
