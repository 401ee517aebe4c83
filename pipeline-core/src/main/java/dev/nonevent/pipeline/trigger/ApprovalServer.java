package dev.nonevent.pipeline.trigger;

import com.sun.net.httpserver.HttpServer;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.run.Approvals;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A door on the loopback interface by which another program, such as a chat bot, answers what waits for approval.
 *
 * <pre>{@code
 * try (ApprovalServer server = ApprovalServer.of(Path.of(".nonevent"), token).start(9419)) {
 *     // GET  /approvals   what waits: [{"run", "stage", "by", "digest", "what", "since"}]
 *     // POST /approvals   {"run": …, "stage": …, "digest": …, "approved": true, "who": "ana", "comment": "…"}
 * }
 * }</pre>
 *
 * <ul>
 *   <li>Every request has to carry {@code Authorization: Bearer <token>}; the others get 401 and learn nothing.
 *   <li>An answer has to name the digest it is about. 204: it is on disk. 409: nobody asks that, or somebody was first, with a
 *       sentence. 400: it is no answer, with a sentence.
 *   <li>{@code who} is what the program says; whoever has the token is believed.
 *   <li>For other machines put a proxy with TLS before it. At most 16 KiB of a request are read.
 * </ul>
 */
public final class ApprovalServer implements AutoCloseable {

    private static final int SHORTEST_TOKEN = 16;
    private static final int THREADS = 4;

    private final HttpServer http;
    private final ThreadPoolExecutor threads;

    private ApprovalServer(HttpServer http, ThreadPoolExecutor threads) {
        this.http = http;
        this.threads = threads;
    }

    /**
     * A door that is not open yet.
     *
     * @param home of the runner
     * @param token at least 16 characters that nobody can guess
     */
    public static Opening of(Path home, String token) {
        if (token.length() < SHORTEST_TOKEN) {
            throw new IllegalArgumentException("the token of an approval server has at least " + SHORTEST_TOKEN
                    + " characters, this one has " + token.length());
        }
        return new Opening(Approvals.in(home), token.getBytes(StandardCharsets.UTF_8), TimeSource.system());
    }

    /** Where requests go: {@code http://127.0.0.1:…/approvals}. */
    public URI address() {
        InetSocketAddress at = http.getAddress();
        return URI.create("http://127.0.0.1:" + at.getPort() + "/approvals");
    }

    /** Takes no more requests; what waits for approval waits on. */
    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    /** A door that is not open yet. Immutable. */
    public static final class Opening {

        private final Approvals approvals;
        private final byte[] token;
        private final TimeSource time;

        private Opening(Approvals approvals, byte[] token, TimeSource time) {
            this.approvals = approvals;
            this.token = token;
            this.time = time;
        }

        /** When answers are given; the machine's time if not said. */
        public Opening time(TimeSource source) {
            return new Opening(approvals, token, source);
        }

        /**
         * Opens it.
         *
         * @param port 0 for a free one
         * @throws InfrastructureException if somebody else has the port
         */
        public ApprovalServer start(int port) {
            try {
                InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
                HttpServer http = HttpServer.create(new InetSocketAddress(loopback, port), 0);
                AtomicInteger count = new AtomicInteger();
                ThreadPoolExecutor threads = new ThreadPoolExecutor(
                        THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                            Thread thread = new Thread(work, "approval-server-" + count.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
                http.setExecutor(threads);
                http.createContext("/approvals", new ApprovalRequests(approvals, token, time));
                http.start();
                return new ApprovalServer(http, threads);
            } catch (IOException taken) {
                throw new InfrastructureException(
                        "no approvals can be taken on port " + port + " of this machine: " + taken.getMessage(), taken);
            }
        }
    }
}
