package dev.nonevent.pipeline.bluegreen.protocol;

import static dev.nonevent.pipeline.bluegreen.protocol.Event.ALONE;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.ASTRAY;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.BARRED;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.CLEAR;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.COLD;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.ELSEWHERE;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.FIT;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.FIT_FOR_PART;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.FOREIGN;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.GO_ON;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.GROWS;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.KEEP;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.LEFTOVER;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.LET_GO;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.NONE_RUNS;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.OLD_GONE;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.OLD_RUNS;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.ONE_RUNS;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.ON_IT;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.OURS;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.PARTLY_ON_IT;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.PARTLY_REACHED;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.PAUSE;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.PROVEN;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.REACHED;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.STABLE_ANSWERS;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.STABLE_SILENT;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.STANDS;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.UNFIT;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.UNPROVEN;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.UNREACHED;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.WARM;

import java.util.Set;

/** A question to the world, or a change of it. What it answers is an {@link Event}; one without answers asks nothing. */
public enum Action implements Effect {
    RAISE_FENCE(false, "nobody with a lower fence moves users any more"),
    SEE(false, "whose release are users on?", OURS, FOREIGN),
    LOOK(false, "are users on the release?", ON_IT, PARTLY_ON_IT, ELSEWHERE),
    LOOK_BACK(false, "did users get it, now that it is given up?", REACHED, PARTLY_REACHED, UNREACHED),
    ASK_WARM(true, "does the instance run already, and if not, may it be started?", COLD, WARM, UNFIT),
    START(true, "start its instance", Event.CREATED),
    PROBE(true, "ask it until it is fit or out of time", FIT, UNFIT),
    PROBE_AGAIN(true, "ask it once more, right before the switch", FIT, FIT_FOR_PART, UNFIT),
    SHIFT(false, "point the next part of the users at it, and read it back", Event.SHIFTED),
    ANALYSE(true, "watch it with that part of the users on it", GROWS, PROVEN, UNPROVEN, PAUSE, GO_ON),
    SWITCH(false, "point users at it, and read it back", Event.SWITCHED),
    BAKE(true, "watch it with users on it", PROVEN, UNPROVEN, PAUSE, GO_ON),
    ASK_WAY_BACK(
            true,
            "is there a way back to the stable release, and does it answer, or is there no other?",
            STABLE_ANSWERS,
            STABLE_SILENT,
            ALONE,
            BARRED),
    ASK_STABLE(true, "does the stable release answer?", STABLE_ANSWERS, STABLE_SILENT),
    SWITCH_BACK(false, "point users at the stable release, and read it back", Event.SWITCHED_BACK),
    DRAIN_IT(true, "let its requests end", Event.DRAINED),
    FIND_ITS(true, "does an instance of it run?", ONE_RUNS, NONE_RUNS),
    STOP(true, "stop the instance that was found, unless users can come to it", Event.STOPPED),
    DISMISS_STANDBY(false, "nobody answers for it any more"),
    FIND_OLD(false, "does its predecessor run?", OLD_RUNS, OLD_GONE),
    DRAIN_OLD(true, "let the requests to its predecessor end", Event.DRAINED),
    CHOOSE(false, "is its predecessor to be kept?", KEEP, LET_GO),
    CHECK_STABLE(true, "are users on the stable release, and does it answer?", STANDS, ASTRAY),
    POINT(false, "point users at the stable release again", Event.POINTED),
    FIND_LEFTOVER(false, "does an instance run that no deployment needs?", LEFTOVER, CLEAR),
    FIND_KEPT(false, "does an instance run that is kept warm, or that no deployment needs?", LEFTOVER, CLEAR),
    END_ROUTER(false, "end what carries the traffic", Event.ROUTER_ENDED),
    STOP_ANY(true, "stop the instance that was found, now that no user comes in any more", Event.STOPPED),
    FIND_ANY(false, "does any instance run?", LEFTOVER, CLEAR);

    private final boolean waits;
    private final String sentence;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of makes one that cannot be changed.
    private final Set<Event> answers;

    Action(boolean waits, String sentence, Event... answers) {
        this.waits = waits;
        this.sentence = sentence;
        this.answers = Set.of(answers);
    }

    /** What it does, or asks. */
    public String sentence() {
        return sentence;
    }

    /** Whether it can be cancelled. */
    public boolean waits() {
        return waits;
    }

    /** Every event it can be answered by. */
    public Set<Event> answers() {
        return answers;
    }
}
