package dev.nonevent.pipeline.bluegreen.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who was cancelled has a ledger all the same: what it does to it is done as a whole, and it stays cancelled. */
class InterruptedHolderTest {

    @TempDir
    Path directory;

    private FileLedger ledger;
    private Path log;

    @BeforeEach
    void open() {
        ledger = FileLedger.in(directory, "shop", TimeSource.system());
        log = directory.resolve("ledger.log");
    }

    @AfterEach
    void nobodyElseIsInterrupted() {
        Thread.interrupted();
    }

    @Test
    void beginsALedgerAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        try (Lease lease = ledger.acquire("deploying")) {
            lease.append(new LedgerEntry.Held("it was cancelled"));
        }
        boolean interrupted = Thread.interrupted();

        assertThat(interrupted).isTrue();
        assertThat(ledger.read()).hasSize(2);
    }

    @Test
    void cutsAHalfWrittenEndOffOnceAndStaysInterrupted() throws IOException {
        ledger.acquire("deploying").close();
        Files.writeString(log, "half a rec", StandardOpenOption.APPEND);

        Thread.currentThread().interrupt();
        ledger.acquire("recovering").close();
        boolean interrupted = Thread.interrupted();
        ledger.acquire("recovering").close();

        assertThat(interrupted).isTrue();
        assertThat(ledger.read()).hasSize(3);
        assertThat(aside()).singleElement().satisfies(torn -> assertThat(torn).hasContent("half a rec"));
    }

    @Test
    void renewsALedgerAndStaysInterrupted() throws IOException {
        ledger.acquire("deploying").close();
        Object former = Files.readAttributes(log, "unix:ino").get("ino");

        Thread.currentThread().interrupt();
        LedgerFile.renew(log);
        boolean interrupted = Thread.interrupted();

        assertThat(interrupted).isTrue();
        assertThat(ledger.read()).hasSize(1);
        assertThat(Files.readAttributes(log, "unix:ino").get("ino")).isNotEqualTo(former);
    }

    private List<Path> aside() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().contains(".torn-"))
                    .toList();
        }
    }
}
