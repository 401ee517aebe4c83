package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Ask;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Kind;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Reply;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Verb;
import dev.nonevent.pipeline.bluegreen.router.http.Inherited;
import dev.nonevent.pipeline.bluegreen.router.http.Transport;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The running router, as seen by the one that takes over from it. Its line stays open until it has ended.
 *
 * <p>The order keeps one writer of the route: the former router changes nothing once it has answered {@link #handOver}; the
 * next one writes only with the lock, and says {@link #taken} when it serves. Until then the former one goes on by itself
 * if the line breaks, and takes the lock back; after it the former one is leaving or dead.
 */
final class Predecessor implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final Path home;
    private final String application;
    private final Wire wire;
    private final TimeSource time = TimeSource.system();
    private long pid;
    private String program = "";

    private Predecessor(Path home, String application, Wire wire) {
        this.home = home;
        this.application = application;
        this.wire = wire;
    }

    /** What it leaves. */
    record Estate(Route route, Inherited inherited) {}

    /** Empty if no router answers there. */
    static Optional<Predecessor> of(Path home, String application) {
        try {
            Optional<UnixDomainSocketAddress> socket = new ControlPath(home).existing();
            return socket.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Predecessor(home, application, new Wire(SocketChannel.open(socket.get()))));
        } catch (ConnectException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new InfrastructureException("the running router of " + home + " cannot be reached: " + e, e);
        }
    }

    /** What it runs from. */
    String program() {
        return program;
    }

    /**
     * From here on it changes nothing.
     *
     * @throws HomeTakenException if it gives way to somebody else, or has ended
     */
    Estate handOver() throws InterruptedException {
        if (Transport.best() != Transport.EPOLL) {
            Reply reply = ask(Ask.of(application, Verb.HAND_OVER), PATIENCE);
            ask(Ask.of(application, Verb.LET_GO), PATIENCE);
            return estate(reply, Inherited.none());
        }
        Path socket = freshSocket();
        try (ListenerPass pass = new ListenerPass(socket)) {
            Reply reply = ask(Ask.of(application, Verb.HAND_OVER).socket(Optional.of(socket.toString())), PATIENCE);
            Inherited inherited = Inherited.of(pass.take(reply.listeners()));
            if (reply.listeners() == 0) {
                ask(Ask.of(application, Verb.LET_GO), PATIENCE);
            }
            return estate(reply, inherited);
        } finally {
            remove(socket);
        }
    }

    /** It gives its lock away once it has handed over. */
    HomeLock awaitLock() throws InterruptedException {
        long until = time.nanos() + PATIENCE.toNanos();
        while (true) {
            Optional<HomeLock> lock = HomeLock.take(home);
            if (lock.isPresent()) {
                removeLeftovers();
                return lock.get();
            }
            if (until - time.nanos() < 0) {
                throw new InfrastructureException("the running router of " + home + " does not give its lock away");
            }
            time.sleep(LOOK_AGAIN);
        }
    }

    /**
     * This router serves. When it returns the former one takes no new request any more: since it has said so, or since it
     * has ended; one that does neither is ended.
     */
    void taken() {
        try {
            ask(Ask.of(application, Verb.TAKEN), Succession.GRACE.plus(PATIENCE));
        } catch (InfrastructureException e) {
            ProcessHandle.of(pid).ifPresent(former -> {
                former.destroyForcibly();
                former.onExit().join();
            });
        }
    }

    /** Of what it still answers; nothing if it has ended. */
    synchronized Optional<Drained> drain(String deployment, Duration deadline) {
        try {
            return ask(Ask.of(application, Verb.DRAIN).drain(deployment, deadline), deadline.plus(PATIENCE))
                    .drained();
        } catch (InfrastructureException e) {
            if (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }

    private Estate estate(Reply reply, Inherited inherited) {
        reply.identity().ifPresent(identity -> {
            pid = identity.pid();
            program = identity.program();
        });
        Route route = reply.route()
                .orElseThrow(() -> new InfrastructureException("the running router has handed over no route"));
        return new Estate(route, inherited);
    }

    private Reply ask(Ask ask, Duration limit) {
        Reply reply;
        try {
            wire.write(Control.write(ask), PATIENCE);
            reply = Control.reply(wire.read(limit));
        } catch (IOException e) {
            boolean silent = e instanceof InterruptedIOException;
            if (ask.verb() == Verb.HAND_OVER && !silent) {
                throw new HomeTakenException(home);
            }
            throw new InfrastructureException(
                    "the running router of " + home + " broke off when it was asked to " + ask.verb() + ": " + e, e);
        }
        if (reply.kind() == Kind.REFUSED) {
            throw new HomeTakenException(home);
        }
        if (reply.kind() != Kind.DONE) {
            throw new InfrastructureException(reply.sentence());
        }
        return reply;
    }

    /** One of its own: somebody else may want to take over at the same moment. */
    private Path freshSocket() {
        try {
            String name = "hand-" + ProcessHandle.current().pid() + ".sock";
            Path socket = new ControlPath(home).shortDirectory().resolve(name);
            Files.deleteIfExists(socket);
            return socket;
        } catch (IOException e) {
            throw new InfrastructureException("nothing can be handed over in " + home + ": " + e, e);
        }
    }

    /** Of others that were too slow, or died. */
    private void removeLeftovers() {
        try (DirectoryStream<Path> sockets = Files.newDirectoryStream(home, "hand-*.sock")) {
            for (Path socket : sockets) {
                Files.deleteIfExists(socket);
            }
        } catch (IOException e) {
            throw new InfrastructureException("what is left of a handover in " + home + " cannot be removed: " + e, e);
        }
    }

    private void remove(Path socket) {
        try {
            Files.deleteIfExists(socket);
            Path directory = socket.toAbsolutePath().getParent();
            if (!home.equals(directory)) {
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw new InfrastructureException(socket + " cannot be removed: " + e, e);
        }
    }
}
