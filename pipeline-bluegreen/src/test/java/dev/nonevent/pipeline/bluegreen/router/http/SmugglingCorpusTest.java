package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a client sends, three agree on the requests in it: the router, the instance behind it, and a reader that takes
 * the letter of RFC 9112. A request that is refused reaches nobody, and nothing after it is read.
 */
@Timeout(120)
class SmugglingCorpusTest {

    private static final String SENTINEL = "GET /sentinel HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n";

    /** Swallowed by lengths that became too large, and no request for those that did not; all fits in one read. */
    private static final String FILLING = "x".repeat(1_000) + "\r\n\r\n";

    private static final int MUTANTS = 2_000;
    private static final long AT_MOST_NANOS = TimeUnit.SECONDS.toNanos(6);
    private static final long SEED = 20_260_101;
    private static final String[] NASTY = {
        "\r",
        "\n",
        "\r\n",
        "\r\n\r\n",
        "\0",
        " ",
        "\t",
        ":",
        ";",
        ",",
        "\u000b",
        "\u00ff",
        "0",
        "1",
        "-",
        "+",
        "_",
        "x",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Host: other\r\n",
        "\r\n ",
        "0\r\n\r\n",
        "HTTP/1.1",
        "3\r\nabc\r\n"
    };
    private static final String[] VALID = {
        "GET /a HTTP/1.1\r\nHost: shop\r\nX-A: b\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nabcde",
        "POST /a HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;e=f\r\nde\r\n0\r\nX-T: u\r\n\r\n",
        "PUT /a HTTP/1.1\r\nHost: shop\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nHost: shop\r\n\r\n",
        "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: shop\r\n\r\n0\r\n\r\nPOST /b HTTP/1.1\r\nHost: shop\r\n"
                + "Content-Length: 4\r\n\r\nwxyz"
    };

    private final Queue<StrictHttp.Request> seen = new ConcurrentLinkedQueue<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private RawInstance instance;
    private FrontDoor door;

    @BeforeEach
    void open() throws Exception {
        instance = new RawInstance(this::serve);
        Route route = new Route(Routing.to(instance.target("shop-1")), 0, 0);
        door = new FrontDoor(
                new Switchboard(route, ignored -> {}, TimeSource.system()), FrontDoor.LOOPBACK, 0, Limits.usual());
    }

    @AfterEach
    void close() throws IOException {
        door.close();
        instance.close();
    }

    static Stream<Arguments> corpus() throws IOException {
        try (InputStream in = SmugglingCorpusTest.class.getResourceAsStream("smuggling.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .map(line -> line.split(" \\| ", 3))
                            .map(parts -> Arguments.of(parts[0], parts[1], plain(parts[2])))
                            .toList()
                            .stream();
        }
    }

    @Test
    void corpusIsLarge() throws IOException {
        assertThat(corpus()).hasSizeGreaterThan(200);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("corpus")
    void everyReaderSeesTheSameRequests(String expected, String name, String raw) throws Exception {
        List<Integer> answers = answers(raw + SENTINEL);

        assertAgreement(raw + SENTINEL, answers);
        if (expected.startsWith("accepted:")) {
            int requests = Integer.parseInt(expected.substring("accepted:".length()));
            assertThat(answers).hasSize(requests + 1).containsOnly(200);
            assertThat(List.copyOf(seen).get(requests).path()).isEqualTo("/sentinel");
        } else {
            assertThat(answers).hasSize(1).allMatch(status -> status >= 400 && status != 502);
            assertThat(seen).isEmpty();
        }
        if (expected.equals("refused")) {
            assertThat(instance.connections).hasValue(0);
        }
    }

    @Test
    void everyReaderSeesTheSameRequestsInMutants() throws Exception {
        Random random = new Random(SEED);
        long until = System.nanoTime() + AT_MOST_NANOS;
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < MUTANTS && (System.nanoTime() < until || accepted < 50 || refused < 50); i++) {
            String raw = mutant(random) + SENTINEL + FILLING;
            seen.clear();

            List<Integer> answers = answers(raw);

            assertAgreement(raw, answers);
            if (answers.contains(400)) {
                refused++;
            } else {
                accepted++;
            }
        }
        assertThat(accepted).isGreaterThanOrEqualTo(50);
        assertThat(refused).isGreaterThanOrEqualTo(50);
    }

    private void assertAgreement(String raw, List<Integer> answers) {
        long reached = answers.stream().filter(status -> status == 200).count();
        List<String> gists = seen.stream().map(StrictHttp.Request::gist).toList();
        assertThat(violations).as(raw).isEmpty();
        assertThat(seen).as(raw).hasSize((int) reached);
        assertThat(seen)
                .as(raw)
                .noneMatch(StrictHttp.Request::hasExtensions)
                .noneMatch(StrictHttp.Request::hasForbiddenTrailer);
        assertThat(gists)
                .as(raw)
                .isEqualTo(letterOfTheLaw(raw).stream().limit(gists.size()).toList());
        // only the last answer is the router's own
        assertThat(answers.stream().limit(Math.max(0, answers.size() - 1)))
                .as(raw)
                .allMatch(status -> status == 200);
    }

    /** What is in it, up to the first thing that is no request. */
    private static List<String> letterOfTheLaw(String raw) {
        InputStream in = new ByteArrayInputStream(raw.getBytes(StandardCharsets.ISO_8859_1));
        List<String> gists = new ArrayList<>();
        try {
            while (true) {
                gists.add(StrictHttp.read(in).gist());
            }
        } catch (IOException e) {
            return gists;
        }
    }

    // --- the world

    private void serve(RawInstance.Line line) throws IOException {
        try {
            while (true) {
                seen.add(StrictHttp.read(line.in));
                line.answer("ok");
            }
        } catch (ProtocolException e) {
            violations.add(e.getMessage());
        }
    }

    /** All of them until the router ends the connection. */
    private List<Integer> answers(String raw) throws IOException {
        List<Integer> statuses = new ArrayList<>();
        try (RawClient client = new RawClient(door.address())) {
            client.socket.setSoTimeout(3_000);
            client.send(raw);
            while (true) {
                statuses.add(client.read().status());
            }
        } catch (EOFException | SocketException | SocketTimeoutException e) {
            // the end, or the router waits for more than there is; an answer that a reset wiped out is missed by who
            // asked
            return statuses;
        }
    }

    private static String mutant(Random random) {
        StringBuilder mutant = new StringBuilder(VALID[random.nextInt(VALID.length)]);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(mutant.length());
            String nasty = NASTY[random.nextInt(NASTY.length)];
            switch (random.nextInt(4)) {
                case 0 -> mutant.insert(at, nasty);
                case 1 -> mutant.replace(at, at + 1, nasty);
                case 2 -> mutant.deleteCharAt(at);
                default -> mutant.insert(at, mutant.charAt(random.nextInt(mutant.length())));
            }
        }
        return mutant.toString();
    }

    private static String plain(String escaped) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char next = escaped.charAt(++i);
            switch (next) {
                case 'r' -> plain.append('\r');
                case 'n' -> plain.append('\n');
                case 't' -> plain.append('\t');
                case 'x' -> {
                    plain.append((char) Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> plain.append(next);
            }
        }
        return plain.toString();
    }
}
