package dev.nonevent.pipeline.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.work.Trigger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunJournalTest {

    private static final Instant AT = Instant.parse("2026-11-24T01:02:03.456789Z");
    private static final RunId RUN = new RunId("261124-010203-456");
    private static final JournalEntry BEGUN = new JournalEntry.Begun(
            JournalEntry.FORMAT,
            "shop",
            AT,
            Trigger.manual().onBranch("main"),
            Map.of("env", "staging"),
            List.of(),
            "jvm-1-2.b00b00b0");

    @TempDir
    Path directory;

    @Test
    void whatWasWrittenIsThereForTheNextProcessInOrder() {
        try (RunJournal journal = open()) {
            assertThat(journal.append(BEGUN, text -> text)).isEqualTo(1);
            assertThat(journal.append(note("a \"b\" \u00e4\n\ud800 \u202e"), text -> text))
                    .isEqualTo(2);
            journal.force();
        }

        assertThat(RunJournal.read(directory)).containsExactly(BEGUN, note("a \"b\" \u00e4\n\ud800 \u202e"));
        try (RunJournal journal = open()) {
            assertThat(journal.past()).hasSize(2);
            assertThat(journal.append(note("more"), text -> text)).isEqualTo(3);
        }
        assertThat(RunJournal.events(RunJournal.read(directory)))
                .extracting(event -> ((RunEvent.RunNote) event).line())
                .containsExactly("a \"b\" \u00e4\n\ud800 \u202e", "more");
    }

    @Test
    void aRecordIsOneLineThatAnyToolReads() throws IOException {
        write("hello");

        assertThat(Files.readAllLines(file()).get(1))
                .matches(
                        "\\{\"n\":2,\"crc\":\"[0-9a-f]{8}\",\"entry\":\\{\"Told\":\\{\"event\":\\{\"RunNote\":"
                                + "\\{\"run\":\\{\"value\":\"261124-010203-456\"},\"at\":\"2026-11-24T01:02:03.456789Z\",\"line\":\"hello\"}}}}}");
    }

    @Test
    void everyTextPassesTheMask() throws IOException {
        try (RunJournal journal = open()) {
            journal.append(note("token hunter2"), text -> text.replace("hunter2", "***"));
        }

        assertThat(file()).content().contains("token ***").doesNotContain("hunter2");
    }

    @Test
    void anEndThatIsHalfWrittenIsCutOffWhereverItIsTorn() throws IOException {
        write("first", "second");
        byte[] whole = Files.readAllBytes(file());
        int lastRecord = new String(whole, StandardCharsets.US_ASCII).lastIndexOf("{\"n\":3");

        for (int length = lastRecord + 1; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThat(RunJournal.read(directory)).as("torn at %s", length).containsExactly(BEGUN, note("first"));
            if (length % 40 != 0) {
                continue;
            }
            try (RunJournal journal = open()) {
                assertThat(journal.past()).as("torn at %s", length).containsExactly(BEGUN, note("first"));
                assertThat(journal.repaired())
                        .hasValueSatisfying(sentence ->
                                assertThat(sentence).contains("half written", ".torn-" + AT.toEpochMilli()));
                journal.append(note("third"), text -> text);
            }
            assertThat(RunJournal.read(directory)).containsExactly(BEGUN, note("first"), note("third"));
        }
    }

    @Test
    void severalRecordsThatNeverReachedTheDiskAreCutOff() throws IOException {
        write("first", "second");
        byte[] whole = Files.readAllBytes(file());
        int second = new String(whole, StandardCharsets.US_ASCII).indexOf("{\"n\":2");
        Arrays.fill(whole, second + 5, whole.length, (byte) 0);
        Files.write(file(), whole);

        try (RunJournal journal = open()) {
            assertThat(journal.past()).containsExactly(BEGUN);
        }
    }

    @Test
    void aBitThatFlippedInTheMiddleIsRefusedWithFileRecordAndByteAndNothingIsChanged() throws IOException {
        write("first", "second");
        byte[] whole = Files.readAllBytes(file());
        int second = new String(whole, StandardCharsets.US_ASCII).indexOf("{\"n\":2");
        int third = new String(whole, StandardCharsets.US_ASCII).indexOf("{\"n\":3");

        for (int at = second; at < third - 1; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            Files.write(file(), damaged);

            assertThatThrownBy(() -> RunJournal.read(directory))
                    .as("byte %s", at)
                    .isInstanceOf(JournalCorruptException.class)
                    .hasMessageContaining("the journal " + file())
                    .hasMessageContaining("at record 2 (byte " + second + ")")
                    .hasMessageContaining("Nothing was changed");
        }
        byte[] damaged = Files.readAllBytes(file());
        assertThatThrownBy(this::open).isInstanceOf(JournalCorruptException.class);
        assertThat(file()).hasBinaryContent(damaged);
    }

    @Test
    void aRecordThatIsMissingIsNoticed() throws IOException {
        write("first", "second");
        List<String> lines = Files.readAllLines(file());
        Files.write(file(), List.of(lines.get(0), lines.get(2), lines.get(2)));

        assertThatThrownBy(this::open)
                .isInstanceOf(JournalCorruptException.class)
                .hasMessageContaining("record 2");
    }

    @Test
    void aLaterFormatAndARecordOfALaterVersionAreRefusedNotSkipped() throws IOException {
        try (RunJournal journal = open()) {
            journal.append(
                    new JournalEntry.Begun(2, "shop", AT, Trigger.manual(), Map.of(), List.of(), "jvm-1-2.b00b00b0"),
                    text -> text);
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(JournalCorruptException.class)
                .hasMessageContaining("it has format 2, and this version knows format 1")
                .hasMessageContaining("go on with the version that wrote it");

        Files.delete(file());
        write("first");
        Files.writeString(file(), Later.line(Files.readString(file()), 3, "{\"Teleported\":{}}"));
        assertThatThrownBy(this::open)
                .isInstanceOf(JournalCorruptException.class)
                .hasMessageContaining("\"Teleported\" is not known to this version");
    }

    @Test
    void nobodyElseOpensAJournalThatIsOpen() {
        try (RunJournal journal = open()) {
            assertThat(RunJournal.isHeld(directory)).isTrue();
            assertThatThrownBy(this::open)
                    .isInstanceOf(JournalHeldException.class)
                    .hasMessageContaining("is under way in this process");
            journal.append(BEGUN, text -> text);
        }
        assertThat(RunJournal.isHeld(directory)).isFalse();
        open().close();
    }

    @Test
    void anInterruptedThreadWritesAndOpensAsAnyOther() {
        Thread.currentThread().interrupt();
        try (RunJournal journal = open()) {
            journal.append(BEGUN, text -> text);
            journal.force();
        }

        assertThat(Thread.interrupted()).isTrue();
        assertThat(RunJournal.read(directory)).containsExactly(BEGUN);
    }

    @Test
    void manyThreadsWriteOneRowAndFewForcesMakeItDurable() throws Exception {
        CountingDisk[] disk = new CountingDisk[1];
        try (RunJournal journal = RunJournal.open(directory, AT, file -> {
            disk[0] = new CountingDisk(new FileDisk(file));
            return disk[0];
        })) {
            List<Thread> threads = Stream.generate(() -> new Thread(() -> {
                        for (int i = 0; i < 250; i++) {
                            journal.append(note("n" + i), text -> text);
                        }
                    }))
                    .limit(4)
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            journal.force();
            assertThat(disk[0].forced).isEqualTo(disk[0].written).isEqualTo(1000);
            assertThat(disk[0].forces).isLessThan(500);
        }

        assertThat(RunJournal.read(directory)).hasSize(1000);
    }

    private RunJournal open() {
        return RunJournal.open(directory, AT, RunJournal.onThisMachine());
    }

    private void write(String... notes) {
        try (RunJournal journal = open()) {
            journal.append(BEGUN, text -> text);
            Stream.of(notes).forEach(line -> journal.append(note(line), text -> text));
        }
    }

    private static JournalEntry note(String line) {
        return new JournalEntry.Told(new RunEvent.RunNote(RUN, AT, line));
    }

    private Path file() {
        return directory.resolve("journal.jsonl");
    }

    /** What was written when the last force began is durable when it ends. */
    private static final class CountingDisk implements JournalDisk {

        private final JournalDisk disk;
        private volatile int written;
        private volatile int forced;
        private volatile int forces;

        CountingDisk(JournalDisk disk) {
            this.disk = disk;
        }

        @Override
        public void write(byte[] record) throws IOException {
            disk.write(record);
            written++;
        }

        @Override
        public void force() throws IOException {
            int before = written;
            disk.force();
            forced = before;
            forces++;
        }

        @Override
        public void close() throws IOException {
            disk.close();
        }
    }
}
