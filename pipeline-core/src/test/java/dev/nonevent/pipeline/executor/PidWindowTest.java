package dev.nonevent.pipeline.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a machine with two processors and 32,768 pids, whose root is 40: 16 ms are enough for all of them to be used. */
class PidWindowTest {

    @TempDir
    Path directory;

    private FakeProcesses processes;
    private long nanos;

    @BeforeEach
    void aMachine() {
        processes = new FakeProcesses(directory.resolve("proc"));
        processes.counting("32768", 2);
        processes.lastPid(1_000, 39);
    }

    @Test
    void rightAfterTheStartOnlyPidsFromTheRootToTheLastArePossible() {
        PidWindow window = open();
        processes.lastPid(1_002, 45);
        nanos = Duration.ofMillis(5).toNanos();

        assertThat(window.since(40)).isEqualTo(new PidWindow.Pids(40, 45));
    }

    @Test
    void onceAllPidsMayHaveBeenGivenAwayAnyIsPossible() {
        PidWindow window = open();
        processes.lastPid(1_002, 45);
        nanos = Duration.ofMillis(16).toNanos();

        assertThat(window.since(40)).isEqualTo(PidWindow.Pids.ANY);
    }

    @Test
    void whenPidsHaveStartedAgainAnyIsPossible() {
        PidWindow window = open();
        processes.lastPid(1_002, 39);

        assertThat(window.since(40)).isEqualTo(PidWindow.Pids.ANY);
    }

    @Test
    void aMachineFullOfTasksLeavesNoRoomToKnow() {
        processes.lastPid(32_000, 39);
        PidWindow window = open();
        nanos = Duration.ofMillis(1).toNanos();

        assertThat(window.since(40)).isEqualTo(PidWindow.Pids.ANY);
    }

    @Test
    void whatIsNotToldIsNotAssumed() {
        processes.counting("many", 2);
        PidWindow withoutMost = open();
        processes.counting("32768", 0);
        PidWindow withoutProcessors = open();

        assertThat(withoutMost.since(40)).isEqualTo(PidWindow.Pids.ANY);
        assertThat(withoutProcessors.since(40)).isEqualTo(PidWindow.Pids.ANY);
        assertThat(PidWindow.unknown(processes.table()).since(40)).isEqualTo(PidWindow.Pids.ANY);
    }

    @Test
    void aLookReadsOnlyWhatCanBelong() {
        processes.running(39, "PIPELINE_TREE=m\0");
        processes.running(60, "PIPELINE_TREE=m\0");
        processes.running(61, "PIPELINE_TREE=m\0");
        processes.lastPid(1_002, 60);
        ProcessTable table = processes.table();

        Look soon = new TreeMembers(table, 40, FakeProcesses.STARTED + ".b00b00b0", "m", true, open()).look();
        Look always = new TreeMembers(
                        table, 40, FakeProcesses.STARTED + ".b00b00b0", "m", true, PidWindow.unknown(table))
                .look();

        assertThat(soon.members()).extracting(ProcessTable.Entry::pid).containsExactly(60L);
        assertThat(always.members()).extracting(ProcessTable.Entry::pid).containsExactlyInAnyOrder(39L, 60L, 61L);
    }

    @Test
    void thisMachineTellsAllOfIt() {
        ProcessTable table = ProcessTable.system();

        org.junit.jupiter.api.Assumptions.assumeTrue(table.readable(), "there is no /proc");
        assertThat(table.processors()).isPositive();
        assertThat(table.mostPids()).isGreaterThan(300);
        assertThat(table.load())
                .hasValueSatisfying(load -> assertThat(load.tasks()).isPositive());
    }

    private PidWindow open() {
        return PidWindow.open(processes.table(), new TimeSource() {
            @Override
            public Instant now() {
                return Instant.EPOCH;
            }

            @Override
            public long nanos() {
                return nanos;
            }

            @Override
            public void sleep(Duration duration) {
                nanos += duration.toNanos();
            }
        });
    }
}
