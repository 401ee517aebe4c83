package dev.nonevent.pipeline.trigger;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.net.httpserver.HttpServer;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.source.GitSource;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jgit.lib.Repository;

/**
 * A bare git repository on the loopback interface whose branches move only if the whole pipeline passes.
 *
 * <pre>{@code
 * try (PushServer server = PushServer.serving(Path.of("shop.git")).port(9418).runs(plan, runner).start()) {
 *     System.out.println("git push " + server.address());
 * }
 * }</pre>
 *
 * <p><b>The law.</b> A push of a branch starts one run about exactly the pushed commit, and waits for it; the pusher sees
 * its progress. Only if the run passed, and a stage of it checked that very commit out of this repository, the branch
 * moves; else the push is refused in the words of what went wrong. The pipeline's source must therefore be
 * {@code git(…)} of this repository's directory.
 *
 * <ul>
 *   <li>Several branches in one push are run and decided one after the other, each for itself; several refs as one atomic
 *       push are refused. Pushes to one branch wait for each other, and the later one is refused if the branch has moved.
 *   <li>Branches are not deleted and not rewritten by a push. New tags are accepted without a run, existing ones stay.
 *   <li>A pusher who hangs up changes nothing: the run goes on, and its result decides. So does one who stops reading, after
 *       30 seconds.
 *   <li>Objects of refused pushes stay in the repository, reachable by nothing, until git's own garbage collection.
 *   <li>There is no login: whoever reaches the loopback interface may push. The trigger's actor is the committer as the
 *       commit names him, and proves nothing. Requests whose {@code Host} is not this machine are refused, so that a web
 *       page cannot push. How long the head of a request may take is the JDK's {@code sun.net.httpserver.maxReqTime}.
 * </ul>
 */
public final class PushServer implements AutoCloseable {

    private static final int MOST_THREADS = 64;
    private static final Duration CLOSING = Duration.ofSeconds(60);

    private final HttpServer http;
    private final ThreadPoolExecutor threads;
    private final Repository repository;
    private final Pushes pushes;
    private final URI address;
    private final String name;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PushServer(
            HttpServer http,
            ThreadPoolExecutor threads,
            Repository repository,
            Pushes pushes,
            URI address,
            String name) {
        this.http = http;
        this.threads = threads;
        this.repository = repository;
        this.pushes = pushes;
        this.address = address;
        this.name = name;
    }

    /** @param bareRepository made, with {@code main} as its first branch, if nothing is there */
    public static Opening serving(Path bareRepository) {
        return new Opening(bareRepository.toAbsolutePath().normalize());
    }

    /** What {@code git push} and {@code git clone} are given: {@code http://127.0.0.1:…/shop.git}. */
    public URI address() {
        return address;
    }

    /** What triggers call the repository, as {@link GitSource#repository} does. */
    public String repository() {
        return name;
    }

    /**
     * Takes no more pushes, cancels the runs of those on their way, which refuses them, and waits up to a minute until they
     * are over. A second call does nothing more.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            pushes.close(CLOSING);
            http.stop(0);
            threads.shutdownNow();
            repository.close();
        }
    }

    /** A server that is not open yet. Not safe for use by several threads. */
    public static final class Opening {

        private final Path directory;
        private int port;
        private long mostPackBytes = 1L << 30;
        private Optional<Pipelines> pipelines = Optional.empty();

        private Opening(Path directory) {
            this.directory = directory;
            if (!String.valueOf(directory.getFileName()).matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
                throw new IllegalArgumentException("repository directory " + directory
                        + ": its name becomes part of an address; use letters, digits and ._-, such as shop.git");
            }
        }

        /** @param port 1 to 65535 on the loopback interface; 0, the default: any that is free */
        @CanIgnoreReturnValue
        public Opening port(int port) {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("a port is 0 to 65535, was " + port);
            }
            this.port = port;
            return this;
        }

        /** @param bytes how large one push may be, at least 1; 1 GiB by default */
        @CanIgnoreReturnValue
        public Opening mostPackBytes(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("a push needs at least 1 byte, was " + bytes);
            }
            this.mostPackBytes = bytes;
            return this;
        }

        /** What each pushed branch goes through. */
        @CanIgnoreReturnValue
        public Opening runs(Plan plan, PipelineRunner runner) {
            this.pipelines = Optional.of(new Pipelines(plan, runner));
            return this;
        }

        /**
         * Opens the door; pushes are taken when this returns.
         *
         * @throws IllegalStateException if nothing was said with {@link #runs}
         * @throws InfrastructureException if the port is in use, or the directory is neither free nor a bare repository
         */
        public PushServer start() {
            Pipelines through = pipelines.orElseThrow(
                    () -> new IllegalStateException("a push server needs a pipeline: say runs(plan, runner)"));
            Repository repository = BareRepository.at(directory);
            HttpServer http;
            try {
                http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            } catch (IOException taken) {
                repository.close();
                throw new InfrastructureException(
                        taken instanceof BindException
                                ? "port " + port + " of the loopback interface cannot be had: " + taken.getMessage()
                                        + "; choose another, or 0 for any"
                                : "no server could be opened: " + taken.getMessage(),
                        taken);
            }
            return open(http, repository, through);
        }

        private PushServer open(HttpServer http, Repository repository, Pipelines through) {
            String called = GitSource.git(directory).repository();
            String path = "/" + directory.getFileName();
            URI address = URI.create("http://127.0.0.1:" + http.getAddress().getPort() + path);
            Pushes pushes = new Pushes(repository, called, through, mostPackBytes);
            AtomicInteger number = new AtomicInteger();
            ThreadPoolExecutor threads =
                    new ThreadPoolExecutor(0, MOST_THREADS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                        Thread thread = new Thread(work, "push-server-" + number.incrementAndGet());
                        thread.setDaemon(true);
                        return thread;
                    });
            http.setExecutor(threads);
            http.createContext("/", new SmartHttp(path, repository, pushes));
            http.start();
            return new PushServer(http, threads, repository, pushes, address, called);
        }
    }

    /** What a pushed branch goes through. */
    record Pipelines(Plan plan, PipelineRunner runner) {}
}
