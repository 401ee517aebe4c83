package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.hook.HookFacts;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerPoisonedException;
import dev.nonevent.pipeline.bluegreen.protocol.Action;
import dev.nonevent.pipeline.bluegreen.protocol.Effect;
import dev.nonevent.pipeline.bluegreen.protocol.Event;
import dev.nonevent.pipeline.bluegreen.protocol.Fact;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.protocol.Step;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One way through the protocol's table: what it names is written and carried out here, in its order, and what comes of that is
 * asked of the table again. Starts where the ledger stands; decides nothing itself. For one thread.
 */
final class Execution {

    private final Site site;
    private final Findings findings = new Findings();
    private final Performer performer;
    private final Scribe scribe;

    private State state;
    /** Whether a failure may still be answered by turning back: it was begun here, and nothing has failed yet. */
    private boolean turnsBack;
    /** What went wrong first; thrown when the way has come to its end. */
    private @Nullable Exception trouble;
    /** What nothing came of, if the watchdog had to end it. */
    private Optional<String> stall = Optional.empty();
    /** Whether what is carried out may be cancelled. */
    private boolean waits;
    /** Whether that came when the release was stable, so that it has only hurried the end. */
    private boolean late;

    Execution(Site site) {
        this.site = site;
        this.performer = new Performer(site, findings);
        this.scribe = new Scribe(site, findings);
        this.state = site.standing().state();
    }

    /** Follows the table from {@link Event#BEGIN} until the deployment is over. */
    State begin(LedgerEntry.Begun begun) throws InterruptedException {
        findings.begun = Optional.of(begun);
        turnsBack = true;
        return follow(Event.BEGIN);
    }

    /** The same for what a person wants undone. */
    State abort(String reason) throws InterruptedException {
        findings.reason = reason;
        return follow(Event.ABORT);
    }

    /** Undoes what is open if it has to be undone, for this reason. */
    State recover(String reason) throws InterruptedException {
        findings.reason = reason;
        return follow(Event.RECOVER);
    }

    /**
     * Follows the table from an event until it asks for nothing more.
     *
     * @return where it rests
     * @throws InterruptedException if it was cancelled; users are on a stable release
     * @throws RuntimeException whatever went wrong on the way, when all is done that the table says about it
     */
    State follow(Event event) throws InterruptedException {
        Optional<Event> next = Optional.of(event);
        while (next.isPresent()) {
            Step step = site.protocol().step(state, next.get());
            state = step.state();
            next = carriedOut(step);
        }
        told();
        rethrow();
        return state;
    }

    Findings findings() {
        return findings;
    }

    /** Whoever is to come and look is told; what has gone wrong stays what went wrong. */
    private void told() {
        if (state == State.NEEDS_HUMAN) {
            try {
                Operation last = site.standing().last().orElseThrow();
                new Hooks(site, last).onFailure(HookFacts.End.NEEDS_HUMAN, findings.reason);
            } catch (RuntimeException e) {
                if (trouble == null) {
                    trouble = e;
                } else {
                    trouble.addSuppressed(e);
                }
            }
        }
    }

    private Optional<Event> carriedOut(Step step) throws InterruptedException {
        try {
            Optional<Event> answer = Optional.empty();
            for (Effect effect : step.effects()) {
                answer = effect instanceof Fact fact ? written(fact, step) : carriedOut((Action) effect);
            }
            return answer;
        } catch (InterruptedException | RuntimeException e) {
            if (!state.isDurable()) {
                throw e;
            }
            // Its fact may be what could not be written: only the ledger knows.
            state = site.standing().state();
            boolean waited = waits;
            waits = false;
            Optional<String> why = site.watchdog().barked();
            return Optional.of(why.isPresent() ? stalled(why.get(), waited, e) : met(e));
        }
    }

    /** What was interrupted and has ended all the same, or cannot be cancelled, is not gone on from. */
    private Optional<Event> carriedOut(Action action) throws InterruptedException {
        waits = action.waits();
        requireProgress();
        Optional<Event> answer = performer.carryOut(action);
        requireProgress();
        site.watchdog().progress();
        waits = false;
        return answer;
    }

    private void requireProgress() throws InterruptedException {
        if (waits) {
            site.watchdog().requireProgress();
        }
    }

    private Optional<Event> written(Fact fact, Step step) {
        scribe.write(fact);
        return step.written();
    }

    /** Nobody can say where traffic is, or it is not ours any more, or nothing can be written: nothing may be touched. */
    private Event met(Exception e) {
        boolean first = trouble == null;
        if (first) {
            trouble = e;
            late = state.isProven();
        }
        if (e instanceof InterruptedException) {
            findings.reason = turnsBack ? "it was cancelled" : "it was cancelled while it was recovered";
            return Event.CANCELLED;
        } else if (e instanceof TrafficUnknownException) {
            trouble = e;
            findings.held = String.valueOf(e.getMessage());
            return Event.UNKNOWN;
        } else if (e instanceof StaleFenceException || e instanceof LedgerPoisonedException || !turnsBack || !first) {
            trouble = e;
            return Event.LOST;
        }
        findings.reason = String.valueOf(e.getMessage());
        return Event.FAILED;
    }

    /** The first time it is turned back, as an abort does; the second time nothing here leads anywhere any more. */
    private Event stalled(String why, boolean waited, Exception e) {
        boolean again = stall.isPresent() || trouble != null;
        stall = Optional.of(why);
        findings.reason = why;
        site.say(why);
        if (e instanceof TrafficUnknownException) {
            trouble = e;
            findings.held = why + ": " + e.getMessage();
            return Event.UNKNOWN;
        } else if (again || (!waited && !turnsBack)) {
            trouble = new InfrastructureException(left(why), e);
            return Event.LOST;
        }
        findings.unproven |= state == State.ANALYSING || state == State.BAKING;
        return waited ? Event.CANCELLED : Event.FAILED;
    }

    private static String left(String why) {
        return why + ". It is left as it is: see to what it waited for, then recover goes on";
    }

    private void rethrow() throws InterruptedException {
        if (state == State.HELD) {
            throw trouble == null
                    ? new TrafficUnknownException(Sentences.held(findings.held))
                    : new TrafficUnknownException(Sentences.held(findings.held), trouble);
        } else if (trouble instanceof InterruptedException && late) {
            // The release is live and stays; its predecessor goes when somebody looks next.
            Thread.currentThread().interrupt();
        } else if (trouble instanceof InterruptedException e) {
            site.say("cancelled: " + findings.end(site));
            throw e;
        } else if (state == State.LEFT && trouble == null && stall.isPresent()) {
            throw new InfrastructureException(left(stall.get()));
        } else if (trouble instanceof RuntimeException e) {
            if (state.isDurable()) {
                site.say(site.standing().last().orElseThrow().release().version() + " was given up: "
                        + findings.end(site));
            }
            throw e;
        }
    }
}
