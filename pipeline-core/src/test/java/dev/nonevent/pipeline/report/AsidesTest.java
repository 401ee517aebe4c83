package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AsidesTest {

    public record LockTaken(String run, String at, String stage, int heldBefore) {}

    public record PartyEnded(String run) {}

    @Test
    void whatHasNoSentenceOfItsOwnIsToldInItsNames() {
        assertThat(Asides.words(new LockTaken("7f3c", "noon", "deploy", 2)))
                .isEqualTo("lock taken: stage deploy, held before 2");
        assertThat(Asides.words(new PartyEnded("7f3c"))).isEqualTo("party ended");
    }
}
