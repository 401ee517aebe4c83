package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Ask;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Identity;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Kind;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Reply;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Verb;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The daemon's ear: a unix socket that only its user can open. No network port controls the router. */
final class ControlServer {

    private static final int AT_ONCE = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final String application;
    private final RunningRouter router;
    private final Logbook log;
    private final ControlPath path;
    private final Runnable declare;
    private final Succession succession;
    private final Identity identity;
    private final Optional<Predecessor> former;
    // the one that is silent for the longest time first
    private final Queue<Wire> silent = new ConcurrentLinkedQueue<>();

    private final Semaphore places = new Semaphore(AT_ONCE);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile ControlPath.Prepared prepared;

    /**
     * @param declare writes what this router was set up with, for whoever starts it anew
     * @param former which this router takes over from, and which may still have something in flight
     */
    ControlServer(
            Path home,
            String application,
            String program,
            RunningRouter router,
            Runnable declare,
            Optional<Predecessor> former,
            Logbook log)
            throws IOException {
        this.application = application;
        this.router = router;
        this.declare = declare;
        this.former = former;
        this.log = log;
        this.identity = Identity.of(program, router.settings());
        this.succession = new Succession(router, this::state, this::drain, log);
        this.path = new ControlPath(home);
        this.prepared = path.prepare();
    }

    /** Answers until the router was shut down, or has given way to the next. */
    void listen() throws InterruptedException, IOException {
        publish(prepared);
        ended.await();
    }

    private void publish(ControlPath.Prepared fresh) throws IOException {
        path.publish(fresh);
        Thread acceptor = new Thread(() -> accept(fresh.listener()), "control");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void accept(ServerSocketChannel listener) {
        try {
            while (true) {
                SocketChannel caller = listener.accept();
                awaitPlace();
                Thread answerer = new Thread(() -> answer(caller), "control caller");
                answerer.setDaemon(true);
                answerer.start();
            }
        } catch (ClosedChannelException e) {
            // another one is listened to now
        } catch (IOException | InterruptedException e) {
            log.say("the control socket broke (" + e
                    + "): traffic goes on, but nobody can switch it; kill and open again");
        }
    }

    private void answer(SocketChannel caller) {
        try (Wire wire = new Wire(caller)) {
            Optional<Ask> said = listenTo(wire);
            if (said.isEmpty()) {
                return;
            }
            Ask ask = said.get();
            Reply reply = reply(ask);
            if (ask.verb() == Verb.HAND_OVER && reply.kind() == Kind.DONE) {
                handOver(wire, ask);
                return;
            }
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

    /** Who takes its time with its words gives way once as many callers are here as may be. Empty if nothing was asked. */
    private Optional<Ask> listenTo(Wire wire) throws IOException {
        silent.add(wire);
        try {
            return Optional.of(Control.ask(wire.read(PATIENCE)));
        } catch (EOFException e) {
            // who only wanted to see whether somebody is here
            return Optional.empty();
        } catch (IOException e) {
            log.say("a caller was not understood: " + e.getMessage());
            wire.write(Control.write(Reply.not(Kind.UNKNOWN, String.valueOf(e.getMessage()), 0)), PATIENCE);
            return Optional.empty();
        } finally {
            silent.remove(wire);
        }
    }

    /** One for a new caller. */
    private void awaitPlace() throws InterruptedException, IOException {
        while (!places.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
            Wire longest = silent.poll();
            if (longest != null) {
                longest.close();
            }
        }
    }

    private void handOver(Wire wire, Ask ask) {
        try {
            switch (succession.handOver(wire, ask)) {
                case LEFT -> {
                    router.close();
                    ended.countDown();
                }
                case WENT_ON -> declare.run();
                case CAME_BACK -> {
                    beFoundAgain();
                    declare.run();
                }
            }
        } catch (InfrastructureException e) {
            log.say("a restart would start the router that died: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next router has put its own socket where callers look. */
    private void beFoundAgain() {
        ControlPath.Prepared former = prepared;
        try {
            prepared = path.prepare();
            publish(prepared);
            former.listener().close();
        } catch (IOException e) {
            log.say("callers do not find this router (" + e
                    + "): traffic goes on, but nobody can switch it; kill and open again");
        }
    }

    private Reply reply(Ask ask) {
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
            case RAISE_FENCE ->
                succession.unlessBegun(() -> {
                    board.raiseFence(ask.fence());
                    return state();
                });
            case SWITCH ->
                succession.unlessBegun(() -> {
                    router.switchTo(ask.routing().orElseThrow(() -> missing("routing")), ask.fence());
                    return state();
                });
            case COUNTS -> state().counts(board.counts());
            case DRAIN -> drain(ask);
            case SHUT_DOWN -> succession.unlessBegun(() -> shutDown(ask.fence()));
            case HAND_OVER ->
                succession.begin() ? state() : Reply.not(Kind.REFUSED, "another router is taking over already", 0);
            case LET_GO, TAKEN -> Reply.not(Kind.REFUSED, ask.verb() + " is for the one that was handed over to", 0);
        };
    }

    private Reply state() {
        return Reply.done(router.switchboard().route(), router.address(), identity)
                .preview(router.preview());
    }

    /** Also of what the router before this one has in flight. */
    private Reply drain(Ask ask) {
        String deployment = ask.deployment().orElseThrow(() -> missing("deployment"));
        try {
            Drained here = router.switchboard().drain(deployment, ask.deadline());
            Duration left = ask.deadline().minus(here.took());
            return state().drained(
                            former.flatMap(router -> router.drain(deployment, left.isNegative() ? Duration.ZERO : left))
                                    .map(there -> sum(here, there))
                                    .orElse(here));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("the router was ended while it drained", e);
        }
    }

    private static Drained sum(Drained one, Drained other) {
        return new Drained(
                one.finished() + other.finished(),
                one.cut() + other.cut(),
                one.streams() + other.streams(),
                one.webSockets() + other.webSockets(),
                one.took().plus(other.took()));
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
