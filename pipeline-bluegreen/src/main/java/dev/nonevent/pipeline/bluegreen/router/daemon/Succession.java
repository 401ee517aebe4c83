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
 * in flight, and ends; unless the next one dies before that, then this one comes back.
 */
final class Succession {

    /** For clients that keep a connection open: their next answer within it is their last here. */
    static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(60);
    private static final Duration LAST_BYTES = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration COME_BACK = Duration.ofSeconds(5);

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

    /** How a handover ended for this router. */
    enum End {
        /** The next one serves, and all is answered here. */
        LEFT,
        /** The next one never served: this one goes on, as if nobody had come. */
        WENT_ON,
        /** The next one served and died while this one was leaving: this one serves again, with what is kept. */
        CAME_BACK
    }

    End handOver(Wire next, Ask ask) throws InterruptedException {
        try {
            next.write(Control.write(state.get().listeners(giveListeners(ask))), PATIENCE);
            router.giveLock();
            awaitTaken(next);
        } catch (IOException | RuntimeException e) {
            log.say("the next router has not taken over (" + e + "): this one goes on");
            goOn();
            return End.WENT_ON;
        }
        return leave(next) ? End.LEFT : End.CAME_BACK;
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
        beReplaceable();
    }

    private synchronized void beReplaceable() {
        begun = false;
    }

    /** True once all is answered; false if this router serves again, as the next one has died. */
    private boolean leave(Wire next) throws InterruptedException {
        log.say("another router has taken over: this one takes no new request and answers what is in flight");
        boolean lives = router.leave(GRACE, () -> isSilent(next));
        if (lives) {
            router.switchboard().retire();
            lives = answerTheRest(next);
        }
        if (!lives && comesBack()) {
            return false;
        }
        if (!lives) {
            router.leave(Duration.ZERO, () -> true);
            router.switchboard().retire();
            awaitLastAnswers();
        }
        log.say("everything is answered: the router that was replaced ends");
        return true;
    }

    /** The next one says nothing until it was answered, so whatever can be read is the end of the line. */
    private static boolean isSilent(Wire next) {
        try {
            return !next.speaks(Duration.ZERO);
        } catch (IOException e) {
            return false;
        }
    }

    /** Drains what the next one asks for meanwhile. False if it has died before all was answered. */
    private boolean answerTheRest(Wire next) throws InterruptedException {
        Thread last = thread("last answers", this::awaitLastAnswers);
        try {
            next.write(Control.write(state.get()), PATIENCE);
            while (last.isAlive()) {
                if (next.speaks(LOOK_AGAIN)) {
                    Ask ask = Control.ask(next.read(PATIENCE));
                    // beside, so that the end of the line is heard meanwhile
                    thread("drain for the next router", () -> next.write(Control.write(drain.apply(ask)), PATIENCE));
                }
            }
            return true;
        } catch (IOException | RuntimeException e) {
            log.say("the line to the router that has taken over is closed: " + e);
            return false;
        }
    }

    /**
     * Whether this one is the home's router again. Not if another one has the home, or if it was shut down: then users have
     * nowhere to go. The next one may have switched, so what is kept counts.
     */
    private boolean comesBack() throws InterruptedException {
        try {
            if (router.kept().active().isEmpty()) {
                return false;
            }
            long until = time.nanos() + COME_BACK.toNanos();
            while (!router.takeLock()) {
                if (until - time.nanos() < 0) {
                    log.say("the router that had taken over has ended, and another one works in its place");
                    return false;
                }
                time.sleep(LOOK_AGAIN);
            }
            if (router.kept().active().isEmpty()) {
                router.giveLock();
                return false;
            }
            router.comeBack();
        } catch (InfrastructureException e) {
            router.giveLock();
            log.say("the router that had taken over has died, and nobody serves: " + e.getMessage());
            return false;
        }
        beReplaceable();
        log.say("the router that had taken over has died: this one serves again, "
                + router.switchboard().route());
        return true;
    }

    private void awaitLastAnswers() throws InterruptedException {
        Switchboard board = router.switchboard();
        List<Thread> drains = new ArrayList<>();
        for (Counts counts : board.counts()) {
            String deployment = counts.deployment();
            drains.add(thread(
                    "last answers of " + deployment,
                    () -> log.say("last answers of " + deployment + ": " + board.drain(deployment, LAST_ANSWERS))));
        }
        for (Thread thread : drains) {
            thread.join();
        }
        router.awaitEmpty(LAST_BYTES);
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private Thread thread(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (IOException | RuntimeException e) {
                        log.say(name + ": " + e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
