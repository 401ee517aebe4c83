package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which cases of a proof a build carries out does not depend on anything but the turn that was said. */
class PortionTest {

    private static final List<Integer> CASES = IntStream.range(0, 43).boxed().toList();

    @Test
    void everyBuildTakesTheSameCases() {
        assertThat(taken(0, 5)).isEqualTo(taken(0, 5)).hasSize(5).doesNotHaveDuplicates();
        assertThat(new Portion(false, 0).of(List.of(Errand.values()), 3))
                .containsExactly(Errand.DEPLOY, Errand.REPLACE, Errand.REFUSED);
    }

    @Test
    void everyCaseHasItsTurn() {
        Set<Integer> all = new HashSet<>();
        Set<Errand> errands = new HashSet<>();
        for (int turn = 0; turn < 3 * CASES.size(); turn++) {
            all.addAll(taken(turn, 1));
            errands.addAll(new Portion(false, turn).of(List.of(Errand.values()), 3));
        }

        assertThat(all).containsAll(CASES);
        assertThat(errands).contains(Errand.values());
    }

    @Test
    void inFullSizeNothingIsLeftOut() {
        Portion whole = new Portion(true, 0);

        assertThat(whole.each(CASES)).isEqualTo(CASES);
    }

    private static List<Integer> taken(int turn, int times) {
        Portion portion = new Portion(false, turn);
        return IntStream.range(0, times)
                .mapToObj(time -> portion.of(CASES).get(0))
                .toList();
    }
}
