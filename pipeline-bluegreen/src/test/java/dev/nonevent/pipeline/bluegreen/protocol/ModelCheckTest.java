package dev.nonevent.pipeline.bluegreen.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The product's own table, followed by processes that an adversary kills, overtakes, cancels, blinds and lies to, in every
 * order there is. Two processes and two faults here; three processes with {@code -Pproofs}.
 */
@Timeout(600)
@Tag("long")
class ModelCheckTest {

    private static final boolean WHOLE = "whole".equals(System.getProperty("proofs"));
    private static final int PROCESSES = WHOLE ? 3 : 2;
    private static final int FAULTS = 2;
    private static final int STARTS = 4;

    @Test
    void nothingForbiddenHappensWhateverGoesWrong() {
        long began = System.nanoTime();

        Search.Found found = search(Table.BLUE_GREEN, Adversary.SOUND);

        tell("the table", found, began);
        assertThat(found.trace())
                .as(found.violation().map(Throwable::getMessage).orElse(""))
                .isEmpty();
        assertThat(found.states()).isGreaterThan(100_000);
        assertThat(found.crashed()).isGreaterThan(500);
        Set<State> others = EnumSet.of(State.IDLE, State.ENDING);
        assertThat(found.reached())
                .containsExactlyInAnyOrderElementsOf(State.durable().stream()
                        .filter(state -> !others.contains(state))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void everyMutantIsFound(Mutant mutant) {
        long began = System.nanoTime();

        Search.Found found = search(mutant.protocol(), mutant.adversary());

        tell("mutant " + mutant, found, began);
        assertThat(found.violation().map(ViolationException::invariant)).contains(mutant.invariant());
    }

    private static Search.Found search(Protocol protocol, Adversary adversary) {
        return new Search(new Model(protocol, adversary)).from(World.first(PROCESSES, FAULTS, STARTS));
    }

    private static void tell(String what, Search.Found found, long began) {
        String end = found.violation()
                .map(violation -> violation.getMessage() + ", after " + found.steps() + " steps")
                .orElse("no violation");
        System.out.printf(
                Locale.ROOT,
                "model check of %s: %,d states, %,d of them left by everybody and recovered, %.1f s: %s%n",
                what,
                found.states(),
                found.crashed(),
                (System.nanoTime() - began) / 1e9,
                end);
    }
}
