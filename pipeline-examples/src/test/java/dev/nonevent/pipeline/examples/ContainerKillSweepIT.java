package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.bluegreen.Errand;
import dev.nonevent.pipeline.bluegreen.Portion;
import dev.nonevent.pipeline.bluegreen.Sweep;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process that deploys containers is killed at a boundary, before and after each fact it writes and after each effect it
 * has, with the real router and users who repeat nothing.
 *
 * <p>A bounded part runs in every build, the same in each: {@link Portion} says which. The profile {@code crashes} runs all of
 * it.
 */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class ContainerKillSweepIT {

    /** Few: the little server of busybox lets two connections wait, and a machine under load makes more of them wait. */
    private static final int USERS = 4;

    private static final double NANOS_OF_A_SECOND = 1e9;
    private static final List<Errand> ERRANDS = List.of(
            Errand.REPLACE,
            Errand.DEPLOY,
            Errand.FAILS_USERS,
            Errand.ROLL_BACK,
            Errand.ROLL_BACK_COLD,
            Errand.REFUSED,
            Errand.CANARY,
            Errand.DOWN,
            Errand.FIRST);

    private static final long ME = ProcessHandle.current().pid();

    private final ContainerPremises premises = new ContainerPremises(
            "nonevent-test/numbered-" + ME, Optional.empty(), Optional.of("nonevent-test-numbered-" + ME));
    private final Portion portion = new Portion();
    private final long began = System.nanoTime();

    @TempDir
    Path home;

    @TempDir
    Path scratch;

    @BeforeEach
    void makeTheImage() throws Exception {
        DockerCommand.ofTheMachine().require(getClass());
        premises.buildImage(scratch);
        premises.makeNetwork("10.215." + ME % 250 + ".0/26");
    }

    @Test
    void deployerKilledAnywhereLeavesOneProvenContainerAndNobodyNotices() throws Exception {
        int deaths = 0;
        int boundaries = 0;
        List<Errand> errands = portion.of(ERRANDS, 1);
        try (Sweep sweep = new Sweep(home, premises, USERS)) {
            for (Errand errand : errands) {
                List<String> all = sweep.boundaries(errand);
                boundaries += all.size();
                for (String boundary : portion.of(all)) {
                    Portion.told(errand + " at " + boundary, () -> sweep.dieAt(errand, boundary));
                    deaths++;
                }
            }
            sweep.usersLeave();
            System.out.printf(
                    Locale.ROOT,
                    "%s on containers killed at %d of %d boundaries (turn %d), recovered twice each: %,d requests, 0 failed,"
                            + " every POST received once; slowest recovery %d ms; %.1f s in all%n",
                    errands,
                    deaths,
                    boundaries,
                    Portion.TURN,
                    sweep.requests(),
                    sweep.slowest().toMillis(),
                    (System.nanoTime() - began) / NANOS_OF_A_SECOND);
        }
    }
}
