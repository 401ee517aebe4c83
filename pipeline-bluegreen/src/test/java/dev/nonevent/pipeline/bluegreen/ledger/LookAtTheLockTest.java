package dev.nonevent.pipeline.bluegreen.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who looks whether a ledger is held is in nobody's way. */
@Timeout(60)
class LookAtTheLockTest {

    @TempDir
    Path directory;

    private FileLedger ledger;

    @BeforeEach
    void open() {
        ledger = ledger(directory.resolve("shop"));
    }

    @Test
    void whatNobodyHasTakenIsNotHeldAndNothingIsMadeByLooking() {
        assertThat(ledger.isHeld()).isFalse();

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatIsTakenIsHeldUntilItIsClosed() {
        try (Lease lease = ledger.acquire("one")) {
            assertThat(ledger.isHeld()).isTrue();
            assertThat(lease.lines()).hasSize(1);
        }

        assertThat(ledger.isHeld()).isFalse();
        assertThat(ledger.read()).hasSize(1);
    }

    @Test
    void anotherProcessHoldsItUntilItIsKilled() throws Exception {
        Process holder = child("hold");
        try {
            assertThat(ledger.isHeld()).isTrue();
        } finally {
            holder.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }

        assertThat(ledger.isHeld()).isFalse();
        assertThat(ledger.read()).hasSize(1);
    }

    @Test
    void whoHoldsItAndLooksStillHoldsItForOthers() throws Exception {
        try (Lease lease = ledger.acquire("one")) {
            assertThat(ledger.isHeld()).isTrue();

            Process looker = child("look once");

            assertThat(looker.waitFor()).isEqualTo(1);
            assertThat(lease.lines()).hasSize(1);
        }
    }

    @Test
    void whoeverTakesItIsNotRefusedBecauseOthersLook() throws Exception {
        Process looker = child("look");
        try {
            for (int time = 1; time <= 100; time++) {
                try (Lease lease = ledger.acquire("once more")) {
                    assertThat(lease.fence()).isEqualTo(time);
                }
            }
        } finally {
            looker.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void lookersDoNotTakeEachOtherForAHolder() throws Exception {
        ledger.acquire("once").close();
        Process looker = child("look");
        try {
            for (int time = 1; time <= 5_000; time++) {
                assertThat(ledger.isHeld()).isFalse();
            }
        } finally {
            looker.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** Is at it when this returns. */
    private Process child(String what) throws IOException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.resolve("shop").toString(),
                        what)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(child.inputReader().readLine()).isEqualTo(what);
        return child;
    }

    private static FileLedger ledger(Path directory) {
        return FileLedger.in(directory, "shop", TimeSource.system());
    }

    /** Holds a ledger, or looks at it, until it is killed. */
    static final class Child {
        public static void main(String... args) throws IOException {
            FileLedger ledger = ledger(Path.of(args[0]));
            if (args[1].equals("look once")) {
                System.out.println(args[1]);
                System.exit(ledger.isHeld() ? 1 : 0);
            } else if (args[1].equals("look")) {
                System.out.println(args[1]);
                while (System.in.available() == 0) {
                    ledger.isHeld();
                }
            } else {
                try (Lease lease = ledger.acquire("standing still")) {
                    System.out.println(args[1]);
                    System.in.read();
                    lease.step("gone");
                }
            }
        }
    }
}
