package dev.nonevent.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OutcomeTest {

    @Test
    void everyEndHasTheExitCodeAScriptReliesOn() {
        assertThat(Outcome.passed().exitCode()).isZero();
        assertThat(new Outcome.Blocked(Failure.of("no")).exitCode()).isEqualTo(1);
        assertThat(new Outcome.Failed(Failure.of("no")).exitCode()).isEqualTo(1);
        assertThat(new Outcome.Errored(Failure.of("no")).exitCode()).isEqualTo(2);
        assertThat(new Outcome.Aborted("stopped").exitCode()).isEqualTo(3);
        assertThat(new Outcome.Skipped("not main").exitCode()).isZero();
    }
}
