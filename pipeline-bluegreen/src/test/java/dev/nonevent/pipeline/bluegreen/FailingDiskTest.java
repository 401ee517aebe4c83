package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nonevent.pipeline.bluegreen.DeployingProcess.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process that deploys, on a disk that becomes full under it, or whose kernel says that what was written is not on the
 * disk. It ends with a sentence, users notice nothing, and once the disk is well the next one goes on.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 1, unit = TimeUnit.HOURS)
@Tag("long")
class FailingDiskTest {

    private final Portion portion = new Portion();

    @TempDir
    Path directory;

    @Test
    void diskThatIsFullAtAnyBoundaryStopsTheDeploymentAndNotTheTraffic() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                succeeds("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()),
                "SKIPPED: this user may not mount a small disk");
        int refused = 0;
        int all = 0;
        try (Sweep sweep = new Sweep(disk, false)) {
            // What is written from there on is more than the rest of the page that the ledger has already.
            refused += full(sweep, Errand.REPLACE, "after the effect of Acquired 1") ? 1 : 0;
            all++;
            assertThat(refused).as("deployers that could not go on").isEqualTo(1);
            for (Errand errand : portion.of(List.of(Errand.REPLACE, Errand.FAILS_USERS), 1)) {
                for (String boundary : portion.of(sweep.boundaries(errand))) {
                    refused += full(sweep, errand, boundary) ? 1 : 0;
                    all++;
                }
            }
            sweep.usersLeave();
            System.out.printf(
                    "disk full at %d boundaries: %d deployers ended with a sentence, the others had no need of it; %,d"
                            + " requests, 0 failed%n",
                    all, refused, sweep.requests());
        } finally {
            succeeds("umount", "-l", disk.toString());
        }
    }

    /** @return whether the deployer could not go on */
    private static boolean full(Sweep sweep, Errand errand, String boundary) throws Exception {
        sweep.prepare(errand);
        Set<Optional<String>> allowed = sweep.allowed(errand);
        boolean[] ended = {false};
        Portion.told(errand + " with a disk full at " + boundary, () -> {
            Path filler = sweep.ground().home().resolve("filler");
            try (DeployingProcess process = sweep.waiting(errand, boundary)) {
                fill(filler);
                process.goOn();
                End end = process.end();
                ended[0] = end.code() != 0;
                assertThat(end.code()).as("how it ended: %s", end.said()).isIn(0, DeployingProcess.FAILED);
                if (ended[0]) {
                    assertThat(end.said()).last().asString().contains("No space left on device");
                }
            } finally {
                Files.deleteIfExists(filler);
            }
            sweep.recover();
            sweep.settled(errand, allowed);
            sweep.changesNothingMore();
            sweep.nextDeploymentSucceeds();
        });
        return ended[0];
    }

    @Test
    void recordThatTheKernelCouldNotForceEndsTheDeploymentAndNotTheTraffic() throws Exception {
        assumeTrue(
                succeeds("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "true"),
                "SKIPPED: there is no strace, or it may not trace");
        int forced = 0;
        try (Sweep sweep = new Sweep(directory)) {
            sweep.prepare(Errand.REPLACE);
            int records = recordsOf(sweep);
            List<Integer> all = IntStream.rangeClosed(1, records).boxed().toList();
            List<Integer> chosen = new ArrayList<>(portion.of(all.subList(0, records / 2)));
            chosen.addAll(portion.of(all.subList(records / 2, records)));
            for (int record : chosen) {
                Portion.told("record " + record + " of " + records, () -> notForced(sweep, record, record == records));
                forced++;
            }
            sweep.usersLeave();
            System.out.printf(
                    "%d of %d records could not be forced: every deployer said so in a sentence; %,d requests, 0 failed%n",
                    forced, records, sweep.requests());
        }
    }

    private static int recordsOf(Sweep sweep) throws Exception {
        int before = sweep.ground().facts().size();
        sweep.boundaries(Errand.REPLACE);
        return sweep.ground().facts().size() - before;
    }

    /** The last record is what users were answered: by then the release is live, and only its report has to do without. */
    private static void notForced(Sweep sweep, int record, boolean isLast) throws Exception {
        sweep.prepare(Errand.REPLACE);
        Set<Optional<String>> allowed = sweep.allowed(Errand.REPLACE);
        String ledger =
                sweep.ground().directory().toRealPath().resolve("ledger.log").toString();
        List<String> strace = List.of(
                "strace",
                "-f",
                "-b",
                "execve",
                "-qq",
                "-o",
                "/dev/null",
                "-P",
                ledger,
                "-e",
                "trace=fsync",
                "-e",
                "inject=fsync:error=EIO:when=" + record);
        try (DeployingProcess process = sweep.under(strace, Errand.REPLACE)) {
            End end = process.end();

            assertThat(end.code()).as("how it ended: %s", end.said()).isEqualTo(isLast ? 0 : DeployingProcess.FAILED);
            assertThat(end.said())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith(
                                    isLast
                                            ? "the report has to do without what users were answered: the ledger "
                                            : "LedgerPoisonedException: the ledger ")
                            .contains("cannot be written ("));
        }
        sweep.recover();
        sweep.settled(Errand.REPLACE, allowed);
        sweep.changesNothingMore();
        sweep.nextDeploymentSucceeds();
    }

    private static void fill(Path filler) throws IOException {
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }
}
