package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Ask;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Kind;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Reply;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Verb;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** The daemon's ear: a unix socket that only its user can open. No network port controls the router. */
final class ControlServer {

    private static final int AT_ONCE = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String application;
    private final RunningRouter router;
    private final Logbook log;
    private final ControlPath path;
    private final ServerSocketChannel listener;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final CountDownLatch ended = new CountDownLatch(1);

    ControlServer(Path home, String application, RunningRouter router, Logbook log) throws IOException {
        this.application = application;
        this.router = router;
        this.log = log;
        this.path = new ControlPath(home);
        UnixDomainSocketAddress address = path.fresh();
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(address);
        Files.setPosixFilePermissions(address.getPath(), PosixFilePermissions.fromString("rw-------"));
    }

    /** Answers until the router was shut down. */
    void listen() throws InterruptedException {
        Thread acceptor = new Thread(this::accept, "control");
        acceptor.setDaemon(true);
        acceptor.start();
        ended.await();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel caller = listener.accept();
                places.acquire();
                Thread answerer = new Thread(() -> answer(caller), "control caller");
                answerer.setDaemon(true);
                answerer.start();
            }
        } catch (ClosedChannelException e) {
            ended.countDown();
        } catch (IOException | InterruptedException e) {
            log.say("the control socket broke (" + e
                    + "): traffic goes on, but nobody can switch it; kill and open again");
        }
    }

    private void answer(SocketChannel caller) {
        try (Wire wire = new Wire(caller)) {
            Ask ask = Control.ask(wire.read(PATIENCE));
            Reply reply = reply(ask);
            wire.write(Control.write(reply), PATIENCE);
            if (ask.verb() == Verb.SHUT_DOWN && reply.kind() == Kind.DONE) {
                ended.countDown();
            }
        } catch (IOException | RuntimeException e) {
            log.say("a caller was not answered: " + e);
        } finally {
            places.release();
        }
    }

    private Reply reply(Ask ask) {
        if (ask.version() != Control.VERSION) {
            return Reply.not(
                    Kind.UNKNOWN,
                    "this router speaks version " + Control.VERSION + " of its control language, not " + ask.version()
                            + ": use the library that started it, or shut it down with that",
                    0);
        }
        if (!application.equals(ask.application())) {
            return Reply.not(
                    Kind.UNKNOWN,
                    "this is the router of " + application + ", not of " + ask.application()
                            + ": give each application a home of its own",
                    0);
        }
        try {
            Reply reply = obey(ask);
            if (ask.verb() != Verb.ROUTE && ask.verb() != Verb.COUNTS) {
                log.say(ask.verb() + " with fence " + ask.fence() + ": "
                        + router.switchboard().route());
            }
            return reply;
        } catch (StaleFenceException e) {
            log.say(ask.verb() + " refused: " + e.getMessage());
            return Reply.not(
                    Kind.STALE, sentence(e), router.switchboard().route().fence());
        } catch (IllegalArgumentException e) {
            return Reply.not(Kind.REFUSED, sentence(e), 0);
        } catch (InfrastructureException e) {
            log.say(ask.verb() + " failed: " + e.getMessage());
            return Reply.not(Kind.UNKNOWN, sentence(e), 0);
        }
    }

    private Reply obey(Ask ask) {
        Switchboard board = router.switchboard();
        return switch (ask.verb()) {
            case ROUTE -> state();
            case RAISE_FENCE -> {
                board.raiseFence(ask.fence());
                yield state();
            }
            case SWITCH -> {
                router.switchTo(ask.routing().orElseThrow(() -> missing("routing")), ask.fence());
                yield state();
            }
            case COUNTS -> state().counts(board.counts());
            case DRAIN -> drain(ask);
            case SHUT_DOWN -> shutDown(ask.fence());
        };
    }

    private Reply state() {
        return Reply.done(router.switchboard().route(), router.address()).preview(router.preview());
    }

    private Reply drain(Ask ask) {
        try {
            return state().drained(router.switchboard()
                    .drain(ask.deployment().orElseThrow(() -> missing("deployment")), ask.deadline()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("the router was ended while it drained", e);
        }
    }

    /** Nobody answers any more when the caller hears that it is done, and another router may be started. */
    private Reply shutDown(long fence) {
        router.switchboard().forget(fence);
        Reply last = state();
        try {
            path.remove();
        } catch (IOException e) {
            log.say("the control socket was not removed: " + e);
        }
        router.close();
        return last;
    }

    private static String sentence(RuntimeException e) {
        return String.valueOf(e.getMessage());
    }

    private static IllegalArgumentException missing(String what) {
        return new IllegalArgumentException("the " + what + " is missing");
    }
}
