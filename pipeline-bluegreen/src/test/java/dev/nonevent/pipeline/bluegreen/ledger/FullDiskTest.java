package dev.nonevent.pipeline.bluegreen.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A ledger on a real disk that is really full: two megabytes of memory, where this user may mount them. */
@Timeout(60)
final class FullDiskTest {

    @TempDir
    Path directory;

    private Path disk;
    private FileLedger ledger;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                succeeds("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()),
                "SKIPPED: this user may not mount a small disk");
        ledger = FileLedger.in(disk.resolve("shop"), "shop", TimeSource.system());
    }

    @AfterEach
    void unmount() throws Exception {
        succeeds("umount", "-l", disk.toString());
    }

    @Test
    void theWayBackHasRoomOnAFullDisk() throws Exception {
        try (Lease lease = ledger.acquire("deploying")) {
            fillTheDisk();

            lease.makeRoom();
            lease.append(new LedgerEntry.Held("the disk is full"));
        }
        assertThat(ledger.read()).hasSize(2);
    }

    @Test
    void whoeverOpensALedgerThatFilledItsDiskCanWriteWhatItDoes() throws Exception {
        try (Lease lease = ledger.acquire("deploying")) {
            fillTheDisk();
            assertThatThrownBy(() -> append(lease, 10_000)).isInstanceOf(LedgerPoisonedException.class);
        }

        try (Lease next = ledger.acquire("recovering")) {
            next.append(new LedgerEntry.Held("found open"));

            assertThat(next.lines()).last().extracting(LedgerLine::entry).isEqualTo(new LedgerEntry.Held("found open"));
        }
    }

    @Test
    void spaceIsSetAsideAgainOnceTheDiskHasIt() throws Exception {
        try (Lease lease = ledger.acquire("deploying")) {
            lease.makeRoom();
            assertThat(disk.resolve("shop/reserve")).doesNotExist();
        }

        ledger.acquire("deploying").close();

        assertThat(Files.size(disk.resolve("shop/reserve"))).isPositive();
    }

    private static void append(Lease lease, int times) {
        for (int i = 0; i < times; i++) {
            lease.append(new LedgerEntry.Held("again"));
        }
    }

    private void fillTheDisk() throws IOException {
        try (OutputStream filler = Files.newOutputStream(disk.resolve("filler"))) {
            byte[] block = new byte[4096];
            for (int i = 0; i < 1024; i++) {
                filler.write(block);
            }
        } catch (IOException full) {
            return;
        }
        throw new IllegalStateException("the disk is larger than it should be");
    }

    private static boolean succeeds(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
