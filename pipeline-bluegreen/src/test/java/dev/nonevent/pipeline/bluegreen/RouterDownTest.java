package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.DeployingProcess.End;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real router dies as well: with the deployer, or under it. Then users get no answer, so none are there; what counts is that
 * the router comes back with the route, and that nothing was destroyed while nobody knew where traffic is.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 1, unit = TimeUnit.HOURS)
@Tag("long")
class RouterDownTest {

    private final Portion portion = new Portion();

    @TempDir
    Path home;

    @Test
    void routerAndDeployerKilledTogetherComeBackWithOneProvenRelease() throws Exception {
        int deaths = 0;
        try (Sweep sweep = new Sweep(home)) {
            for (Errand errand :
                    portion.of(List.of(Errand.REPLACE, Errand.FAILS_USERS, Errand.ROLL_BACK_COLD, Errand.CANARY), 1)) {
                for (String boundary : portion.of(sweep.boundaries(errand))) {
                    Portion.told(errand + " and the router at " + boundary, () -> together(sweep, errand, boundary));
                    deaths++;
                }
            }
            System.out.printf(
                    "deployer and router killed together at %d boundaries; slowest recovery %d ms%n",
                    deaths, sweep.slowest().toMillis());
        }
    }

    @Test
    void deployerWhoseRouterDiesUnderItDestroysNothing() throws Exception {
        int deaths = 0;
        try (Sweep sweep = new Sweep(home)) {
            for (Errand errand : portion.of(List.of(Errand.DEPLOY, Errand.FAILS_USERS, Errand.CANARY), 1)) {
                for (String boundary : portion.of(sweep.boundaries(errand))) {
                    Portion.told(
                            errand + ", router dead from " + boundary + " on", () -> under(sweep, errand, boundary));
                    deaths++;
                }
            }
            System.out.printf("router killed under a deployer at %d boundaries; nothing was destroyed%n", deaths);
        }
    }

    @Test
    void routerThatCannotBeAskedHoldsEverything() throws Exception {
        try (Sweep sweep = new Sweep(home)) {
            sweep.prepare(Errand.REPLACE);
            Set<Optional<String>> allowed = sweep.allowed(Errand.REPLACE);
            sweep.killed(Errand.REPLACE, "after the effect of a switch 1");
            sweep.usersLeave();
            ProvingGround.Picture before = sweep.ground().picture();
            sweep.ground().signalRouter("STOP");
            try {
                assertThatThrownBy(sweep::recover)
                        .isInstanceOf(TrafficUnknownException.class)
                        .hasMessageContaining("is there and does not answer")
                        .hasMessageContaining("nobody knows where traffic is");
            } finally {
                sweep.ground().signalRouter("CONT");
            }

            ProvingGround.Picture after = sweep.ground().picture();
            assertThat(after.instances()).as("what runs").isEqualTo(before.instances());
            assertThat(after.routing()).as("routing").isEqualTo(before.routing());
            assertThat(after.facts()
                            .subList(before.facts().size(), after.facts().size()))
                    .as("facts")
                    .allMatch(LedgerEntry.Held.class::isInstance);
            sweep.recover();
            sweep.settled(Errand.REPLACE, allowed);
            sweep.changesNothingMore();
            sweep.nextDeploymentSucceeds();
        }
    }

    private static void together(Sweep sweep, Errand errand, String boundary) throws Exception {
        sweep.prepare(errand);
        Set<Optional<String>> allowed = sweep.allowed(errand);
        sweep.killed(errand, boundary);
        sweep.usersLeave();
        sweep.ground().killRouter();

        sweep.recover();

        sweep.settled(errand, allowed);
        sweep.changesNothingMore();
        sweep.nextDeploymentSucceeds();
    }

    private static void under(Sweep sweep, Errand errand, String boundary) throws Exception {
        sweep.prepare(errand);
        Set<Optional<String>> allowed = sweep.allowed(errand);
        try (DeployingProcess deployer = sweep.waiting(errand, boundary)) {
            sweep.usersLeave();
            sweep.ground().killRouter();
            Set<String> running = sweep.ground().picture().instances();

            deployer.goOn();
            End end = deployer.end();

            assertThat(end.code()).as("how it ended: %s", end.said()).isIn(0, DeployingProcess.FAILED);
            if (end.code() != 0) {
                assertThat(end.said()).last().asString().contains("no router answers");
                assertThat(sweep.ground().picture().instances()).containsAll(running);
            }
        }
        sweep.recover();
        sweep.settled(errand, allowed);
        sweep.changesNothingMore();
        sweep.nextDeploymentSucceeds();
    }
}
