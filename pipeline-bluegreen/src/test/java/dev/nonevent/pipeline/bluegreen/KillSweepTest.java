package dev.nonevent.pipeline.bluegreen;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * <p>A bounded part runs in every build, the same in each: {@link Portion} says which. The profile {@code crashes} runs all
 * of it.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 4, unit = TimeUnit.HOURS)
@Tag("long")
class KillSweepTest {

    private static final double NANOS_OF_A_SECOND = 1e9;
    private static final List<Errand> AT_ONCE = List.of(
            Errand.DEPLOY,
            Errand.REPLACE,
            Errand.REFUSED,
            Errand.FAILS_USERS,
            Errand.ROLL_BACK,
            Errand.ROLL_BACK_COLD,
            Errand.DOWN,
            Errand.FIRST,
            Errand.PAUSED);
    private static final List<Errand> IN_STEPS = List.of(Errand.CANARY, Errand.CANARY_FAILS_USERS);

    private final Portion portion = new Portion();
    private final long began = System.nanoTime();

    @TempDir
    Path home;

    @Test
    void deployerKilledAnywhereLeavesOneProvenReleaseAndNobodyNotices() throws Exception {
        int deaths = 0;
        int boundaries = 0;
        List<Errand> errands = new ArrayList<>(portion.of(AT_ONCE, 4));
        errands.addAll(portion.of(IN_STEPS, 1));
        try (Sweep sweep = new Sweep(home)) {
            for (Errand errand : errands) {
                List<String> all = sweep.boundaries(errand);
                boundaries += all.size();
                for (String boundary : portion.of(all)) {
                    Portion.told(errand + " at " + boundary, () -> sweep.dieAt(errand, boundary));
                    deaths++;
                }
            }
            sweep.usersLeave();
            tell(errands + " killed at " + deaths + " of " + boundaries + " boundaries", sweep);
        }
    }

    @Test
    void recoveryKilledAnywhereIsFinishedByTheNextOne() throws Exception {
        int deaths = 0;
        // Its first is the one of those in steps that the other test leaves out.
        List<Errand> all = Stream.concat(Stream.of(Errand.CANARY_FAILS_USERS, Errand.CANARY), AT_ONCE.stream())
                .toList();
        List<Errand> errands = portion.of(all, 1);
        try (Sweep sweep = new Sweep(home)) {
            for (Errand errand : errands) {
                for (String boundary : portion.of(sweep.boundaries(errand))) {
                    List<String> recovery = sweep.dieAt(errand, boundary);
                    for (String second : portion.each(recovery)) {
                        Portion.told(
                                errand + " at " + boundary + ", recovery at " + second,
                                () -> sweep.dieTwice(errand, boundary, second));
                        deaths++;
                    }
                }
            }
            sweep.usersLeave();
            tell(errands + " killed " + deaths + " times, and the recovery of each", sweep);
        }
    }

    /** What was measured depends on the machine, so it is told and not judged. */
    private void tell(String what, Sweep sweep) {
        System.out.printf(
                Locale.ROOT,
                "%s (turn %d), recovered twice each: %,d requests, 0 failed, every POST received once; slowest recovery %d"
                        + " ms; %.1f s in all%n",
                what,
                Portion.TURN,
                sweep.requests(),
                sweep.slowest().toMillis(),
                (System.nanoTime() - began) / NANOS_OF_A_SECOND);
    }
}
