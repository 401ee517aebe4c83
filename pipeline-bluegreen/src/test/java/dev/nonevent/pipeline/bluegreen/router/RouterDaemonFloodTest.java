package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients do to a router that runs for years must not fill its disk. */
@Timeout(60)
class RouterDaemonFloodTest {

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] PINGS =
            "\0\0\10\6\0\0\0\0\0ping1234".repeat(1_000).getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    Path home;

    @Test
    void clientsThatAreSentAwayLeaveNoWordOnTheDisk() throws Exception {
        Traffic traffic = Router.router(0).open("shop", home);
        try (RawInstance instance = RawInstance.answering("ok")) {
            traffic.switchTo(instance.target("shop-1"), 1);
            long before = written("router.out") + written("router.log");

            for (int i = 0; i < 5; i++) {
                try (RawClient client = new RawClient(traffic.address())) {
                    assertThat(pingsUntilItIsSentAway(client)).isLessThan(100_000);
                }
            }

            assertThat(written("router.out") + written("router.log")).isEqualTo(before);
            try (RawClient client = new RawClient(traffic.address())) {
                assertThat(client.get("/").body()).isEqualTo("ok");
            }
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
    }

    /** Without ever reading an answer; how many thousand it took. */
    private static int pingsUntilItIsSentAway(RawClient client) {
        try {
            OutputStream out = client.socket.getOutputStream();
            out.write(PREFACE);
            for (int i = 0; i < 100_000; i++) {
                out.write(PINGS);
            }
            return 100_000;
        } catch (IOException e) {
            return 0;
        }
    }

    private long written(String file) throws IOException {
        return Files.exists(home.resolve(file)) ? Files.size(home.resolve(file)) : 0;
    }
}
