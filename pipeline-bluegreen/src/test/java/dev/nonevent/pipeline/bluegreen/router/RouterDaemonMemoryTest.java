package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.executor.ProcessTree;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A router has a small heap; thousands of clients that let it wait with something in its hands must not end it, one crowd
 * after the other.
 *
 * <p>In every build a quarter of them comes to a router with a quarter of the memory. The profile {@code proofs} lets all
 * of them come to a usual one.
 */
@Timeout(120)
@Tag("long")
class RouterDaemonMemoryTest {

    private static final boolean WHOLE = "whole".equals(System.getProperty("proofs"));
    private static final int PART = WHOLE ? 1 : 4;
    private static final int ATTACKERS = 2_500 / PART;

    @TempDir
    static Path home;

    private static Traffic traffic;
    private static RawInstance instance;
    private static @Nullable Process smaller;

    private final List<SocketChannel> attackers = new ArrayList<>();
    private boolean roomMayBeTaken;

    @BeforeAll
    static void open() throws Exception {
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
        if (!WHOLE) {
            ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO);
            smaller = startedWithAPartOfTheMemory();
        }
        awaitServed();
    }

    @AfterEach
    void leave() throws Exception {
        for (SocketChannel attacker : attackers) {
            attacker.close();
        }
        awaitServed();
    }

    @AfterAll
    static void close() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
        instance.close();
        if (smaller != null) {
            smaller.destroyForcibly().waitFor();
        }
    }

    @Test
    void largeHeadsThatNeverEnd() throws Exception {
        String fields = ("X-Slow: " + "x".repeat(300) + "\r\n").repeat(190);
        attack("GET / HTTP/1.1\r\nHost: shop\r\n" + fields, ATTACKERS);
    }

    @Test
    void headsOfTinyFieldsThatNeverEnd() throws Exception {
        attack("GET / HTTP/1.1\r\nHost: shop\r\n" + "a:\r\n".repeat(15_000), 400 / PART);
    }

    @Test
    void largeRequestsThatAnInstanceNeverAnswers() throws Exception {
        String fields = ("X-Slow: " + "x".repeat(300) + "\r\n").repeat(190);
        // they may leave less room than the smallest request needs, as it happens
        roomMayBeTaken = true;
        attack("GET /silent HTTP/1.1\r\nHost: shop\r\n" + fields + "\r\n", ATTACKERS);
    }

    @Test
    void largeRequestsWhoseBodiesNeverCome() throws Exception {
        String fields = ("X-Slow: " + "x".repeat(300) + "\r\n").repeat(190);
        roomMayBeTaken = true;
        attack("POST /silent HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n" + fields + "\r\n", ATTACKERS);
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
        int before = instance.requests.size();
        attack(words.toString(), 40 / PART);
        assertThat(instance.requests.size() - before).isGreaterThan(1_000 / PART);
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
            if (i % Math.max(1, attackersAtOnce / 20) == 0) {
                assertOthersAreAnswered();
            }
        }
        for (int i = 0; i < 20; i++) {
            assertOthersAreAnswered();
        }
        assertThat(traffic.counts().get(0).requests()).isGreaterThan(20);
        assertThat(traffic.route().active()).isPresent();
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

    private static Process startedWithAPartOfTheMemory() throws IOException {
        String arguments = Files.readString(home.resolve("router.args"));
        for (String[] option : new String[][] {
            {"-Xms80m", "-Xms20m"},
            {"-Xmn64m", "-Xmn16m"},
            {"-Xmx160m", "-Xmx40m"},
            {"-XX:MaxDirectMemorySize=256m", "-XX:MaxDirectMemorySize=64m"}
        }) {
            assertThat(arguments).contains('"' + option[0] + '"');
            arguments = arguments.replace('"' + option[0] + '"', '"' + option[1] + '"');
        }
        Path smallerOnes = Files.writeString(home.resolve("smaller.args"), arguments);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + smallerOnes)
                .redirectOutput(home.resolve("smaller.out").toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** Once it has started, or has closed what a crowd has left. */
    private static void awaitServed() throws Exception {
        Awaited.that(() -> {
            assertOthersAreServed();
            assertThat(traffic.route().active()).isPresent();
        });
    }

    private void assertOthersAreAnswered() throws IOException {
        try (RawClient client = new RawClient(traffic.address())) {
            RawClient.Message answer = client.get("/");
            if (roomMayBeTaken && answer.status() == 503) {
                assertThat(answer.body()).startsWith("too many requests are under way");
            } else {
                assertThat(answer.body()).isEqualTo("ok");
            }
        }
    }

    private static void assertOthersAreServed() throws IOException {
        try (RawClient client = new RawClient(traffic.address())) {
            assertThat(client.get("/").body()).isEqualTo("ok");
        }
    }
}
