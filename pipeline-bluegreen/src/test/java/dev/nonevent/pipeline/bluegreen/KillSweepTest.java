package dev.nonevent.pipeline.bluegreen;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process that deploys is killed at a boundary, before and after each fact it writes and after each effect it has, with
 * real instances, the real router and users who repeat nothing. The boundaries are those that a whole run has passed.
 *
 * <p>A bounded part runs in every build, with other boundaries every day: the seed is printed, and {@code -Dproofs.seed=}
 * repeats it. The profile {@code crashes} runs all of it.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 4, unit = TimeUnit.HOURS)
@Tag("long")
class KillSweepTest {

    static final boolean WHOLE = "whole".equals(System.getProperty("proofs"));
    static final long SEED = Long.getLong("proofs.seed", System.currentTimeMillis() / TimeUnit.DAYS.toMillis(1));
    private static final double NANOS_OF_A_SECOND = 1e9;
    private static final List<Errand> ERRANDS = List.of(
            Errand.DEPLOY,
            Errand.REPLACE,
            Errand.REFUSED,
            Errand.FAILS_USERS,
            Errand.ROLL_BACK,
            Errand.ROLL_BACK_COLD,
            Errand.DOWN,
            Errand.FIRST);

    private final Random random = new Random(SEED);
    private final long began = System.nanoTime();

    @TempDir
    Path home;

    @Test
    void deployerKilledAnywhereLeavesOneProvenReleaseAndNobodyNotices() throws Exception {
        int deaths = 0;
        int boundaries = 0;
        try (Sweep sweep = new Sweep(home)) {
            for (Errand errand : some(ERRANDS, 5, random)) {
                List<String> all = sweep.boundaries(errand);
                boundaries += all.size();
                for (String boundary : WHOLE ? all : one(all)) {
                    told(errand + " at " + boundary, () -> sweep.dieAt(errand, boundary));
                    deaths++;
                }
            }
            sweep.usersLeave();
            tell("deployers killed at " + deaths + " of " + boundaries + " boundaries", sweep);
        }
    }

    @Test
    void recoveryKilledAnywhereIsFinishedByTheNextOne() throws Exception {
        int deaths = 0;
        try (Sweep sweep = new Sweep(home)) {
            for (Errand errand : some(ERRANDS, 1, random)) {
                List<String> all = sweep.boundaries(errand);
                for (String boundary : WHOLE ? all : one(all)) {
                    List<String> recovery = sweep.dieAt(errand, boundary);
                    for (String second : WHOLE ? recovery : one(recovery)) {
                        told(
                                errand + " at " + boundary + ", recovery at " + second,
                                () -> sweep.dieTwice(errand, boundary, second));
                        deaths++;
                    }
                }
            }
            sweep.usersLeave();
            tell(deaths + " deployers killed, and the recovery of each", sweep);
        }
    }

    private List<String> one(List<String> all) {
        return List.of(all.get(random.nextInt(all.size())));
    }

    /** In full size all of them, in this order; otherwise so many. */
    static List<Errand> some(List<Errand> errands, int bounded, Random random) {
        if (WHOLE) {
            return errands;
        }
        List<Errand> shuffled = new ArrayList<>(errands);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, bounded);
    }

    /** One death and all that follows. */
    interface Death {
        void happens() throws Exception;
    }

    static void told(String where, Death death) throws Exception {
        try {
            death.happens();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(where + " (seed " + SEED + "): " + e.getMessage(), e);
        }
    }

    /** What was measured depends on the machine, so it is told and not judged. */
    private void tell(String what, Sweep sweep) {
        System.out.printf(
                Locale.ROOT,
                "%s (seed %d), recovered twice each: %,d requests, 0 failed, every POST received once; slowest recovery %d"
                        + " ms; %.1f s in all%n",
                what,
                SEED,
                sweep.requests(),
                sweep.slowest().toMillis(),
                (System.nanoTime() - began) / NANOS_OF_A_SECOND);
    }
}
