package dev.nonevent.pipeline.bluegreen.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Somebody takes a ledger from under the feet of its holder, who must not write into what is not its own any more. */
@EnabledOnOs(OS.LINUX)
class TakenOverTest {

    @TempDir
    Path directory;

    private FileLedger ledger;

    @BeforeEach
    void open() {
        ledger = FileLedger.in(directory, "shop", TimeSource.system());
    }

    @Test
    void holderWhoseLockWasTakenAwayWritesNothingMore() throws IOException {
        try (Lease lease = ledger.acquire("deploying")) {
            Files.delete(directory.resolve("lock"));

            assertThatThrownBy(() -> lease.append(new LedgerEntry.Held("why")))
                    .isInstanceOf(LedgerPoisonedException.class)
                    .hasMessageContaining("was taken over while this process held it");
            assertThatThrownBy(() -> lease.append(new LedgerEntry.Held("why")))
                    .isInstanceOf(LedgerPoisonedException.class);
        }
        assertThat(ledger.read()).hasSize(1);
    }

    @Test
    void holderWhoseDirectoryWasRemovedIsNotPromisedThatSomebodyElseGoesOn() throws IOException {
        try (Lease lease = ledger.acquire("deploying")) {
            Files.move(directory.resolve("ledger.log"), directory.resolve("gone.log"));
            Files.move(directory.resolve("lock"), directory.resolve("gone"));

            assertThatThrownBy(() -> lease.append(new LedgerEntry.Held("why")))
                    .isInstanceOf(LedgerPoisonedException.class)
                    .hasMessageContaining("or its directory was removed")
                    .hasMessageContaining("another process, if there is one, finishes");
        }
    }

    @Test
    void holderWhoseLockIsAnotherFileNowSaysNothingInTheNameOfTheNextOne() throws IOException {
        try (Lease lease = ledger.acquire("deploying")) {
            Files.delete(directory.resolve("lock"));
            Files.createFile(directory.resolve("lock"));
            Files.writeString(directory.resolve("holder"), "process 4711, recovering");

            lease.step("switching to shop-2");

            assertThat(directory.resolve("holder")).hasContent("process 4711, recovering");
        }
    }

    @Test
    void holderWhoseLedgerIsAnotherFileNowWritesNothingMore() throws IOException {
        try (Lease lease = ledger.acquire("deploying")) {
            Path copy = Files.copy(directory.resolve("ledger.log"), directory.resolve("copy"));
            Files.move(copy, directory.resolve("ledger.log"), StandardCopyOption.REPLACE_EXISTING);

            assertThatThrownBy(() -> lease.append(new LedgerEntry.Held("why")))
                    .isInstanceOf(LedgerPoisonedException.class);
        }
        assertThat(ledger.read()).hasSize(1);
    }
}
