package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nonevent.pipeline.bluegreen.DeployingProcess.End;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerHeldException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process that deploys is stopped in the middle, as a debugger, a swapping machine or a person does it. The lock of a
 * file lease is its own as long as it lives: nobody acts beside it, and whoever ends it goes on at once. Where a person has
 * taken the lock away under its feet, it is continued to find that it may do nothing more.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 1, unit = TimeUnit.HOURS)
@Tag("long")
class StoppedDeployerTest {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final Portion portion = new Portion();

    @TempDir
    Path home;

    @Test
    void stoppedDeployerKeepsTheApplicationAndAKilledOneBlocksNobody() throws Exception {
        try (Sweep sweep = new Sweep(home)) {
            sweep.prepare(Errand.DEPLOY);
            Set<Optional<String>> allowed = sweep.allowed(Errand.DEPLOY);
            try (DeployingProcess stopped = sweep.waiting(Errand.DEPLOY, "after the effect of a switch 1")) {
                stopped.stop();

                long asked = System.nanoTime();
                LedgerHeldException held = catchThrowableOfType(LedgerHeldException.class, sweep::recover);
                Duration refusedIn = since(asked);

                assertThat(held)
                        .hasMessageContaining(
                                "somebody else is at work on \"shop\": process " + stopped.pid() + " since ")
                        .hasMessageContaining(", switching to shop-")
                        .hasMessageContaining("or end that process");
                assertThat(refusedIn).isLessThan(A_SECOND);
                stopped.kill();
                long killed = System.nanoTime();
                sweep.acquireAndRelease();
                Duration freeIn = since(killed);
                assertThat(freeIn).isLessThan(A_SECOND);
                System.out.printf(
                        "a stopped deployer: the second one was told so in %d ms; killed, it blocked the next one for %d ms%n",
                        refusedIn.toMillis(), freeIn.toMillis());
            }
            sweep.recover();
            sweep.settled(Errand.DEPLOY, allowed);
            sweep.changesNothingMore();
            sweep.nextDeploymentSucceeds();
            sweep.usersLeave();
        }
    }

    @Test
    void continuedDeployerThatWasTakenOverReachesNeitherRouterNorLedger() throws Exception {
        int fenced = 0;
        try (Sweep sweep = new Sweep(home)) {
            for (Errand errand :
                    portion.of(List.of(Errand.REPLACE, Errand.FAILS_USERS, Errand.ROLL_BACK_COLD, Errand.CANARY), 1)) {
                List<String> all = sweep.boundaries(errand);
                for (String boundary : portion.of(all)) {
                    boolean isOver = all.indexOf(boundary) >= endOf(all);
                    Portion.told(errand + " stopped at " + boundary, () -> takenOver(sweep, errand, boundary, isOver));
                    fenced++;
                }
            }
            sweep.usersLeave();
            System.out.printf(
                    "%d deployers stopped, taken over and continued: all fenced; %,d requests, 0 failed%n",
                    fenced, sweep.requests());
        }
    }

    /** What comes after it is the report's, and stops nobody. */
    private static int endOf(List<String> boundaries) {
        return IntStream.range(0, boundaries.size())
                .filter(at -> boundaries.get(at).matches("after (Done|RolledBack).*"))
                .max()
                .orElseThrow();
    }

    private static void takenOver(Sweep sweep, Errand errand, String boundary, boolean isOver) throws Exception {
        sweep.prepare(errand);
        Set<Optional<String>> allowed = sweep.allowed(errand);
        try (DeployingProcess stopped = sweep.waiting(errand, boundary)) {
            stopped.stop();
            Files.delete(sweep.ground().directory().resolve("lock"));
            sweep.recover();
            sweep.settled(errand, allowed);
            ProvingGround.Picture before = sweep.ground().picture();

            stopped.goOn();
            stopped.resume();
            End end = stopped.end();

            ProvingGround.Picture after = sweep.ground().picture();
            assertThat(after.facts()).as("facts").isEqualTo(before.facts());
            assertThat(after.routing()).as("routing").isEqualTo(before.routing());
            if (!isOver) {
                assertThat(end.code()).as("how it ended: %s", end.said()).isEqualTo(DeployingProcess.FAILED);
                assertThat(end.said()).last().asString().contains("taken over");
            }
        }
        sweep.nextDeploymentSucceeds();
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
