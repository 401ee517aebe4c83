package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class OwnerTest {

    private final Owner self = Owner.self().orElseThrow();

    @Test
    void aLivingProcessIsNotGone() {
        assertThat(self.isGone(self.process())).isFalse();
    }

    @Test
    void aStrangerWithTheSamePidDoesNotKeepTheDeadAlive() {
        String earlier = ProcessHandle.current().pid() + "@1";

        assertThat(self.isGone(earlier)).isTrue();
    }

    @Test
    void aPidNobodyHasIsGone() {
        assertThat(self.isGone("4194305@17")).isTrue();
    }

    @Test
    void aMarkThatCannotBeReadCountsAsAlive() {
        assertThat(self.isGone("")).isFalse();
        assertThat(self.isGone("not a mark")).isFalse();
        assertThat(self.isGone("99999999999999999999@1")).isFalse();
    }
}
