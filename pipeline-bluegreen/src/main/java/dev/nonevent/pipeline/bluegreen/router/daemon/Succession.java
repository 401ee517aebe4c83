package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Ask;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Reply;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Verb;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How a router gives way to the next one, see {@link Predecessor} for the other side: it changes nothing any more, hands
 * over, and goes on by itself if the next one never serves. Once it does, this one takes no new request, answers what is
 * in flight, and ends.
 */
final class Succession {

    /** For clients that keep a connection open: their next answer within it is their last here. */
    static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(60);
    private static final Duration LAST_BYTES = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final RunningRouter router;
    private final Function<Ask, Reply> drain;
    private final Supplier<Reply> state;
    private final Logbook log;
    private final TimeSource time = TimeSource.system();

    // under the lock of this
    private boolean begun;

    Succession(RunningRouter router, Supplier<Reply> state, Function<Ask, Reply> drain, Logbook log) {
        this.router = router;
        this.state = state;
        this.drain = drain;
        this.log = log;
    }

    /** Makes a change of the route, unless another router is taking over. */
    synchronized Reply unlessBegun(Supplier<Reply> change) {
        if (begun) {
            throw new TrafficUnknownException(
                    "the router is just being replaced by a newer one: ask again in some seconds");
        }
        return change.get();
    }

    /** Whether the caller is the one that may take over. */
    synchronized boolean begin() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    /** True if the next router has taken over and all is answered here; false if this one goes on. */
    boolean handOver(Wire next, Ask ask) throws InterruptedException {
        try {
            next.write(Control.write(state.get().listeners(giveListeners(ask))), PATIENCE);
            router.giveLock();
            awaitTaken(next);
        } catch (IOException | InfrastructureException e) {
            log.say("the next router has not taken over (" + e + "): this one goes on");
            goOn();
            return false;
        }
        leave(next);
        return true;
    }

    private int giveListeners(Ask ask) throws InterruptedException {
        var listeners = router.listeners();
        if (ask.socket().isEmpty() || listeners.isEmpty()) {
            return 0;
        }
        ListenerPass.give(listeners, Path.of(ask.socket().get()));
        return listeners.size();
    }

    private void awaitTaken(Wire next) throws IOException {
        Ask ask = Control.ask(next.read(PATIENCE));
        if (ask.verb() == Verb.LET_GO) {
            router.stopListening();
            next.write(Control.write(state.get()), PATIENCE);
            ask = Control.ask(next.read(PATIENCE));
        }
        if (ask.verb() != Verb.TAKEN) {
            throw new IOException("the next router says " + ask.verb());
        }
    }

    /** As long as the next one lives it has the lock, and this one changes nothing. */
    private void goOn() throws InterruptedException {
        while (!router.takeLock()) {
            time.sleep(LOOK_AGAIN);
        }
        router.listenAgain();
        synchronized (this) {
            begun = false;
        }
    }

    private void leave(Wire next) throws InterruptedException {
        log.say("another router has taken over: this one takes no new request and answers what is in flight");
        router.leave(GRACE);
        router.switchboard().retire();
        try {
            next.write(Control.write(state.get()), PATIENCE);
            Thread ear = new Thread(() -> obeyTheNext(next), "next router");
            ear.setDaemon(true);
            ear.start();
        } catch (IOException e) {
            log.say("the router that has taken over does not listen: " + e);
        }
        awaitLastAnswers();
        log.say("everything is answered: the router that was replaced ends");
    }

    /** Only drains are asked for; the line breaks when either of the two ends. */
    private void obeyTheNext(Wire next) {
        try {
            while (true) {
                Ask ask = Control.ask(next.read(LAST_ANSWERS.plus(LAST_BYTES)));
                next.write(Control.write(drain.apply(ask)), PATIENCE);
            }
        } catch (IOException | RuntimeException e) {
            log.say("the line to the router that has taken over is closed: " + e);
        }
    }

    private void awaitLastAnswers() throws InterruptedException {
        Switchboard board = router.switchboard();
        List<Thread> drains = new ArrayList<>();
        for (Counts counts : board.counts()) {
            Thread thread = new Thread(() -> drain(board, counts.deployment()), "last answers");
            thread.setDaemon(true);
            thread.start();
            drains.add(thread);
        }
        for (Thread thread : drains) {
            thread.join();
        }
        router.awaitEmpty(LAST_BYTES);
    }

    private void drain(Switchboard board, String deployment) {
        try {
            log.say("last answers of " + deployment + ": " + board.drain(deployment, LAST_ANSWERS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
