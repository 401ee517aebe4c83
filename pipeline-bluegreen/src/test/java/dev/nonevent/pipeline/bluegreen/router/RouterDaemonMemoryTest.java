package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A router has a small heap; thousands of clients that let it wait with something in its hands must not end it. */
@Timeout(120)
class RouterDaemonMemoryTest {

    private static final int ATTACKERS = 2_500;

    @TempDir
    Path home;

    private final List<SocketChannel> attackers = new ArrayList<>();
    private Traffic traffic;
    private RawInstance instance;

    @BeforeEach
    void open() throws Exception {
        byte[] block = new byte[256 * 1024];
        instance = new RawInstance(line -> {
            while (true) {
                String asked = line.read().firstLine();
                if (asked.contains("/silent")) {
                    line.in.transferTo(OutputStream.nullOutputStream());
                } else if (!asked.contains("/endless")) {
                    line.answer("ok");
                } else {
                    line.say("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
                    while (true) {
                        line.socket.getOutputStream().write(block);
                    }
                }
            }
        });
        traffic = Router.router(0).open("shop", home);
        traffic.switchTo(instance.target("shop-1"), 1);
        assertOthersAreServed();
    }

    @AfterEach
    void close() throws Exception {
        for (SocketChannel attacker : attackers) {
            attacker.close();
        }
        traffic.shutDown(Long.MAX_VALUE);
        instance.close();
    }

    @Test
    void largeHeadsThatNeverEnd() throws Exception {
        String fields = ("X-Slow: " + "x".repeat(300) + "\r\n").repeat(190);
        attack("GET / HTTP/1.1\r\nHost: shop\r\n" + fields, ATTACKERS);
    }

    @Test
    void headsOfTinyFieldsThatNeverEnd() throws Exception {
        attack("GET / HTTP/1.1\r\nHost: shop\r\n" + "a:\r\n".repeat(15_000), 400);
    }

    @Test
    void largeRequestsThatAnInstanceNeverAnswers() throws Exception {
        String fields = ("X-Slow: " + "x".repeat(300) + "\r\n").repeat(190);
        attack("GET /silent HTTP/1.1\r\nHost: shop\r\n" + fields + "\r\n", ATTACKERS);
    }

    @Test
    void smallRequestsThatAnInstanceNeverAnswers() throws Exception {
        attack("GET /silent HTTP/1.1\r\nHost: shop\r\n\r\n", 2 * ATTACKERS);
    }

    @Test
    void largeAnswersThatNobodyReads() throws Exception {
        attack("GET /endless HTTP/1.1\r\nHost: shop\r\n\r\n", ATTACKERS / 2);
    }

    @Test
    void streamsThatGiveNoWindow() throws Exception {
        StringBuilder words = new StringBuilder("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        words.append("\0\0\6\4\0\0\0\0\0\0\4\0\0\0\0");
        for (int i = 0; i < 100; i++) {
            words.append("\0\0\22\1\5\0\0\0").append((char) (2 * i + 1));
            words.append("\202\206\4\10/endless\1\4shop");
        }
        attack(words.toString(), 40);
        assertThat(instance.requests).hasSizeGreaterThan(1_000);
    }

    private void attack(String words, int attackersAtOnce) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(words.getBytes(StandardCharsets.ISO_8859_1));
        for (int i = 0; i < attackersAtOnce; i++) {
            SocketChannel attacker = SocketChannel.open();
            attackers.add(attacker);
            attacker.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
            attacker.connect(new InetSocketAddress(
                    traffic.address().getHost(), traffic.address().getPort()));
            send(attacker, bytes.duplicate());
            if (i % (attackersAtOnce / 20) == 0) {
                assertOthersAreServed();
            }
        }
        for (int i = 0; i < 20; i++) {
            assertOthersAreServed();
        }
        assertThat(traffic.counts().get(0).requests()).isGreaterThan(20);
    }

    private static void send(SocketChannel attacker, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                attacker.write(bytes);
            }
        } catch (IOException e) {
            // the router takes no more of it, which is its right
            return;
        }
    }

    private void assertOthersAreServed() throws IOException {
        try (RawClient client = new RawClient(traffic.address())) {
            assertThat(client.get("/").body()).isEqualTo("ok");
        }
    }
}
