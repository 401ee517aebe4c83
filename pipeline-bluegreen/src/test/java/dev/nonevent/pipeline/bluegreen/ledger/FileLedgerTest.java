package dev.nonevent.pipeline.bluegreen.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.deployment.Release;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileLedgerTest {

    @TempDir
    Path directory;

    private FileLedger ledger;

    @BeforeEach
    void open() {
        ledger = FileLedger.in(directory, "shop", TimeSource.system());
    }

    @Test
    void aHolderThatCannotSayWhatItDoesStillDoesIt() throws IOException {
        try (Lease lease = ledger.acquire("deploying")) {
            Files.createDirectory(directory.resolve("holder.next"));

            lease.step("rolling back shop-2");
            lease.append(new LedgerEntry.Held("why"));

            assertThatThrownBy(() -> ledger.acquire("deploying"))
                    .isInstanceOf(LedgerHeldException.class)
                    .hasMessageContaining("a process that has not said who it is");
        }
        assertThat(ledger.read()).hasSize(2);
    }

    @Test
    void anErrorWhileItIsOpenedLeavesNoLockBehind() {
        FileLedger broken = ledger.writingBy((file, bytes) -> {
            throw new StackOverflowError("in the middle");
        });

        assertThatThrownBy(() -> broken.acquire("deploying")).isInstanceOf(StackOverflowError.class);

        try (Lease lease = ledger.acquire("deploying")) {
            assertThat(lease.fence()).isEqualTo(1);
        }
    }

    @Test
    void severalReplicasAreReadBackAndOneIsWrittenAsItAlwaysWas() throws IOException {
        Instance one = new Instance("41@7", "shop-1", URI.create("http://127.0.0.1:41000"));
        Instance two = new Instance("42@7,43@7", "shop-2", one.address(), List.of(URI.create("http://[::1]:41001")));
        List<LedgerEntry> entries = List.of(
                new LedgerEntry.Created("shop-1", one),
                new LedgerEntry.Created("shop-2", two),
                new LedgerEntry.Switching(
                        "shop-2",
                        Optional.of(new Target(Colour.BLUE, "shop-1", one.address())),
                        new Target(Colour.GREEN, "shop-2", two.address(), two.alsoAt())));

        try (Lease lease = ledger.acquire("deploying")) {
            entries.forEach(lease::append);
        }

        assertThat(ledger.read()).extracting(LedgerLine::entry).endsWith(entries.toArray(LedgerEntry[]::new));
        assertThat(Files.readString(directory.resolve("ledger.log")))
                .contains("{\"id\":\"41@7\",\"deployment\":\"shop-1\",\"address\":\"http://127.0.0.1:41000\"}}")
                .contains("\"address\":\"http://127.0.0.1:41000\",\"alsoAt\":[\"http://[::1]:41001\"]}");
    }

    @Test
    void whatWasWrittenIsReadBackByTheNextHolder() {
        Instance instance = new Instance("41@7", "shop-1", URI.create("http://127.0.0.1:41000"));
        Target target = new Target(Colour.GREEN, "shop-1", instance.address());
        List<LedgerEntry> entries = List.of(
                new LedgerEntry.Begun(
                        "shop-1",
                        Purpose.DEPLOY,
                        new Release(
                                "shop",
                                "abc1234 ü",
                                "sha256:00",
                                Optional.of("abc"),
                                Optional.of(Instant.EPOCH),
                                "run-1"),
                        Colour.GREEN,
                        new Blueprint("sha256:00", Map.of("artifact", "line\nbreak")),
                        Optional.empty(),
                        Optional.of(instance),
                        Optional.of("drop column")),
                new LedgerEntry.Creating("shop-1"),
                new LedgerEntry.Created("shop-1", instance),
                new LedgerEntry.Healthy("shop-1", "3 in a row"),
                new LedgerEntry.Refused("shop-1", "answered 503"),
                new LedgerEntry.Switching("shop-1", Optional.of(target), target),
                new LedgerEntry.Switched("shop-1", false),
                new LedgerEntry.Paused("shop-1", "ops"),
                new LedgerEntry.Resumed("shop-1", "ops"),
                new LedgerEntry.SwitchingBack("shop-1", target, "why", Optional.of(Duration.ofMillis(190))),
                new LedgerEntry.SwitchedBack("shop-1", Optional.of(Duration.ofNanos(1))),
                new LedgerEntry.Removing("shop-1", "why"),
                new LedgerEntry.RolledBack("shop-1", "why"),
                new LedgerEntry.Committed("shop-1", "0.0 %"),
                new LedgerEntry.Draining("shop-1", "shop-0"),
                new LedgerEntry.Drained("shop-1", "shop-0", 3, 1),
                new LedgerEntry.Keeping("shop-1", instance, Instant.EPOCH),
                new LedgerEntry.Done("shop-1"),
                new LedgerEntry.NeedsHuman("shop-1", "both are dead"),
                new LedgerEntry.Superseded(released("old"), "shop-1", "it is older"),
                new LedgerEntry.FreezePassed(released("fix"), "ops deployed in the freeze"),
                new LedgerEntry.HookEnded("shop-2", Moment.BEFORE_START, "migrate", Optional.of("the table is locked")),
                new LedgerEntry.Observed(
                        List.of(new LedgerEntry.Observed.Share(Colour.GREEN, "shop-1", 100)),
                        List.of(new LedgerEntry.Observed.Count(Colour.GREEN, "shop-1", 40, 3, 2)),
                        Optional.of(new LedgerEntry.Observed.Drain("shop-0", 2, 1)),
                        true),
                new LedgerEntry.Stopping(instance, "why"),
                new LedgerEntry.Stopped(instance),
                new LedgerEntry.Held("router gone"),
                new LedgerEntry.TakingDown(),
                new LedgerEntry.TakenDown());

        try (Lease lease = ledger.acquire("writing")) {
            entries.forEach(lease::append);
        }

        try (Lease next = ledger.acquire("reading")) {
            assertThat(next.lines().subList(1, entries.size() + 1))
                    .extracting(LedgerLine::entry)
                    .isEqualTo(entries);
            assertThat(entries)
                    .extracting(Object::getClass)
                    .doesNotHaveDuplicates()
                    .hasSize(28);
        }
    }

    private static Release released(String version) {
        return new Release("shop", version, "sha256:00", Optional.of(version), Optional.of(Instant.EPOCH), "run-1");
    }

    @Test
    void everyHolderGetsAHigherFenceAndWritesItFirst() {
        ledger.acquire("one").close();
        ledger.acquire("two").close();

        assertThat(ledger.read()).extracting(LedgerLine::fence).containsExactly(1L, 2L);
        assertThat(ledger.read()).allSatisfy(line -> assertThat(line.entry()).isInstanceOf(LedgerEntry.Acquired.class));
    }

    @Test
    void aHalfWrittenEndIsPutAsideAndWorkGoesOn() throws IOException {
        ledger.acquire("one").close();
        Files.writeString(log(), "P1 00000002 0000", StandardOpenOption.APPEND);

        try (Lease lease = ledger.acquire("two")) {
            assertThat(lease.repaired())
                    .get()
                    .asString()
                    .contains("half written")
                    .contains("ledger.log.torn-");
            assertThat(lease.lines()).hasSize(2);
        }

        assertThat(ledger.read()).hasSize(2);
    }

    @Test
    void everyPrefixOfALedgerIsRead() throws IOException {
        try (Lease lease = ledger.acquire("one")) {
            lease.append(new LedgerEntry.Held("ü"));
            lease.append(new LedgerEntry.TakenDown());
        }
        byte[] all = Files.readAllBytes(log());

        for (int length = 0; length <= all.length; length++) {
            Files.write(log(), java.util.Arrays.copyOf(all, length));

            int whole = (int) new String(all, 0, length, StandardCharsets.ISO_8859_1)
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
            assertThat(ledger.read()).as("first %d bytes", length).hasSize(whole);
        }
    }

    @Test
    void damageElsewhereIsRefusedWithItsPlaceAndNothingIsTouched() throws IOException {
        try (Lease lease = ledger.acquire("one")) {
            lease.append(new LedgerEntry.Held("router gone"));
            lease.append(new LedgerEntry.TakenDown());
        }
        String damaged = Files.readString(log()).replace("router gone", "router okay");
        Files.writeString(log(), damaged);

        assertThatThrownBy(() -> ledger.acquire("two"))
                .isInstanceOf(LedgerCorruptException.class)
                .hasMessageContaining(log().toString())
                .hasMessageContaining("record 2 (byte " + (damaged.indexOf('\n') + 1) + ")");
        assertThat(Files.readString(log())).isEqualTo(damaged);
        assertThat(directory).isDirectoryNotContaining("glob:**torn*");
    }

    @Test
    void aMissingRecordIsNoticed() throws IOException {
        try (Lease lease = ledger.acquire("one")) {
            lease.append(new LedgerEntry.Held("a"));
            lease.append(new LedgerEntry.Held("b"));
        }
        List<String> lines = Files.readAllLines(log());
        Files.write(log(), List.of(lines.get(0), lines.get(2), ""));

        assertThatThrownBy(() -> ledger.read())
                .isInstanceOf(LedgerCorruptException.class)
                .hasMessageContaining("record 2");
    }

    @Test
    void aRecordOfANewerFormatIsRefusedEvenAtTheEnd() throws IOException {
        ledger.acquire("one").close();
        Files.writeString(log(), Files.readString(log()).replaceFirst("^P1", "P2"));

        assertThatThrownBy(() -> ledger.acquire("two"))
                .isInstanceOf(LedgerCorruptException.class)
                .hasMessageContaining("format 2");
    }

    @Test
    void afterAFailedForceNothingIsWrittenAnyMore() {
        boolean[] broken = {false};
        int[] writes = {0};
        FileLedger failing = ledger.writingBy((end, record) -> {
            writes[0]++;
            if (broken[0]) {
                throw new IOException("Input/output error");
            }
            LedgerFile.write(end, record);
        });
        try (Lease lease = failing.acquire("one")) {
            broken[0] = true;
            assertThatThrownBy(() -> lease.append(new LedgerEntry.TakenDown()))
                    .isInstanceOf(LedgerPoisonedException.class);
            broken[0] = false;

            assertThatThrownBy(() -> lease.append(new LedgerEntry.TakenDown()))
                    .isInstanceOf(LedgerPoisonedException.class)
                    .hasMessageContaining("Input/output error");
            assertThat(writes[0]).isEqualTo(2);
        }

        assertThat(ledger.read()).hasSize(1);
    }

    @Test
    void anInterruptedHolderCanStillWriteHowItEnded() {
        try (Lease lease = ledger.acquire("one")) {
            Thread.currentThread().interrupt();
            lease.step("undoing");
            lease.append(new LedgerEntry.TakenDown());

            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        }

        assertThat(ledger.read()).hasSize(2);
    }

    @Test
    void whoeverComesSecondIsToldWhoHoldsItAndAtWhat() {
        try (Lease lease = ledger.acquire("opening")) {
            lease.step("baking shop-17");

            assertThatThrownBy(() -> ledger.acquire("two"))
                    .isInstanceOf(LedgerHeldException.class)
                    .hasMessageContaining("\"shop\"")
                    .hasMessageContaining("process " + ProcessHandle.current().pid() + " since 20")
                    .hasMessageContaining("baking shop-17");
        }

        ledger.acquire("three").close();
    }

    @Test
    void aSecondProcessIsToldWhoHoldsItAndGetsItWhenTheHolderIsKilled() throws Exception {
        Process holder = holder();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("held");

            assertThatThrownBy(() -> ledger.acquire("two"))
                    .isInstanceOf(LedgerHeldException.class)
                    .hasMessageContaining("process " + holder.pid())
                    .hasMessageContaining("standing still");
        } finally {
            holder.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }

        try (Lease lease = ledger.acquire("two")) {
            assertThat(lease.fence()).isEqualTo(2);
        }
    }

    @Test
    void readersNeedNoLease() {
        try (Lease lease = ledger.acquire("one")) {
            lease.append(new LedgerEntry.TakenDown());

            assertThat(ledger.read()).hasSize(2);
            assertThatThrownBy(() -> ledger.acquire("still held")).isInstanceOf(LedgerHeldException.class);
        }
    }

    private Process holder() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Holds a ledger until its input ends. */
    static final class Holder {
        public static void main(String... args) throws IOException {
            Lease lease =
                    FileLedger.in(Path.of(args[0]), "shop", TimeSource.system()).acquire("standing still");
            System.out.println("held");
            System.in.read();
            lease.close();
        }
    }

    private Path log() {
        return directory.resolve("ledger.log");
    }
}
