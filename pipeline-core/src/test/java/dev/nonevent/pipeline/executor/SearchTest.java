package dev.nonevent.pipeline.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is found of a tree in the moments in which the kernel shows less than there is. Its root is 40 and has ended. */
@Timeout(60)
class SearchTest {

    private static final String MARKED = "A=1\0PIPELINE_TREE=m\0";

    @TempDir
    Path directory;

    private FakeProcesses processes;

    @BeforeEach
    void someStrangers() {
        processes = new FakeProcesses(directory.resolve("proc"));
        processes.running(2, "HOME=/\0");
        processes.running(50, "PIPELINE_TREE=other\0");
    }

    @Test
    void strangersAreNoReasonToLookAgain() {
        processes.kernelThread(51);
        processes.zombie(52);
        processes.running(53, "");

        assertThat(look().isClear()).isTrue();
    }

    @Test
    void aProcessInTheMiddleOfAnExecIsUnknownUntilItShowsItsMarker() {
        processes.execing(60);
        Look first = look();
        processes.running(60, MARKED);
        Look second = look();

        assertThat(first.isClear()).isFalse();
        assertThat(first.members()).isEmpty();
        assertThat(first.unknown()).extracting(ProcessTable.Entry::pid).containsExactly(60L);
        assertThat(second.members()).extracting(ProcessTable.Entry::pid).containsExactly(60L);
        assertThat(second.unknown()).isEmpty();
    }

    @Test
    void anEnvironmentThatIsShorterThanTheKernelSaysIsUnknown() {
        processes.execingSinceItsFieldsWereRead(60);

        assertThat(look().unknown()).extracting(ProcessTable.Entry::pid).containsExactly(60L);
    }

    @Test
    void aProcessThatIsThereButCannotBeReadIsUnknown() {
        processes.unreadable(60);

        assertThat(look().unknown()).extracting(ProcessTable.Entry::pid).containsExactly(60L);
    }

    @Test
    void aListThatCannotBeMadeIsNotEmpty() {
        ProcessTable blind = new ProcessTable(processes.root().toFile()) {
            @Override
            Optional<List<Long>> pids() {
                return Optional.empty();
            }
        };

        assertThat(tree(blind).look().isClear()).isFalse();
    }

    @Test
    void whatIsOlderThanTheRootIsNoneOfItsChildren() {
        processes.startedAt(60, FakeProcesses.STARTED - 1);
        processes.startedAt(61, FakeProcesses.STARTED);

        assertThat(look().unknown()).extracting(ProcessTable.Entry::pid).containsExactly(61L);
    }

    @Test
    void aProgramWhoseFirstThreadHasEndedShowsItsMarkerInTheOthers() {
        processes.withoutItsFirstThread(60, MARKED);
        processes.withoutItsFirstThread(70, "A=1\0");

        assertThat(look().members()).extracting(ProcessTable.Entry::pid).containsExactly(60L);
        assertThat(look().unknown()).isEmpty();
    }

    @Test
    void aProcessThatForkedAndEndedBehindTheListLeavesAChildThatIsFound() {
        Iterator<List<Long>> lists =
                List.of(List.of(2L, 60L), List.of(2L, 61L), List.of(2L, 62L)).iterator();
        processes.running(62, MARKED);
        ProcessTable forking = new ProcessTable(processes.root().toFile()) {
            @Override
            Optional<List<Long>> pids() {
                return Optional.of(lists.next());
            }
        };

        assertThat(tree(forking).look().members())
                .extracting(ProcessTable.Entry::pid)
                .containsExactly(62L);
    }

    @Test
    void aHiddenOrphanMayBelongAndAHiddenChildOfAStrangerDoesNot() {
        processes.hidden(60, 1);
        processes.hidden(61, 50);

        assertThat(look().unknown()).extracting(ProcessTable.Entry::pid).containsExactly(60L);
    }

    @Test
    void aStopGoesOnWhileSomethingIsUnknownAndNamesItInTheEnd() {
        processes.execing(60);
        Stopping stopping = new Stopping(TimeSource.system(), this::look, -1);

        Look last = stopping.stop(Duration.ZERO);

        assertThat(last.survivors()).hasToString("[perhaps a (wild) name (pid 60)]");
    }

    @Test
    void aStopEndsAsSoonAsTheUnknownIsKnown() {
        processes.execing(60);
        int[] looks = new int[1];
        Stopping stopping = new Stopping(
                TimeSource.system(),
                () -> {
                    if (++looks[0] == 4) {
                        processes.running(60, "A=1\0");
                    }
                    return look();
                },
                -1);

        assertThat(stopping.stop(Duration.ofSeconds(20)).isClear()).isTrue();
        assertThat(looks[0]).isEqualTo(5);
    }

    private Look look() {
        return tree(processes.table()).look();
    }

    private static TreeMembers tree(ProcessTable table) {
        return new TreeMembers(table, 40, FakeProcesses.STARTED + ".b00b00b0", "m", true, PidWindow.unknown(table));
    }
}
