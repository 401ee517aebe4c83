package dev.nonevent.pipeline.bluegreen.protocol;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How far the last deployment of an application has come. Every state but {@link #HELD} and {@link #LEFT} is durable: the
 * ledger's facts lead to it, so it outlives the process. Those two are ends of a process; the next one starts from the ledger.
 */
public enum State {
    IDLE("nothing was ever deployed, or everything was taken down"),
    BEGUN("it is decided that a release gets the traffic"),
    CREATING("its instance is being started, or was"),
    PROBING("its instance runs, and is asked until it is fit"),
    READY("it has passed every check, and waits for the switch"),
    REFUSED("it did not pass"),
    SHIFTING("a part of the users is to get it: it has none of them, the part before, or this one"),
    ANALYSING("a part of the users has it, the others the stable release, and it is not yet proven"),
    SWITCHING("the switch was intended: users are on either side, or still split"),
    BAKING("users have it, and it is not yet proven"),
    BACKING("the way back was intended: users are on either side"),
    UNDOING("users do not have it, and what was started for it goes"),
    ROLLED_BACK("users are where they were before it began"),
    COMMITTED("it is stable: from here on only forward"),
    DRAINING("the requests to its predecessor come to their end"),
    RETIRING("its predecessor has nothing more to do"),
    KEEPING("its predecessor stays warm"),
    DONE("nothing is left to do for it"),
    NEEDS_HUMAN("neither side is fit for the traffic: nothing was removed, and a person has to look"),
    ENDING("users are turned away, and everything that runs is being stopped"),
    HELD("nobody can say where users are, or somebody else has moved them: this process touches nothing any more"),
    LEFT("this process cannot go on: the next one takes up what the ledger says");

    private final String sentence;

    State(String sentence) {
        this.sentence = sentence;
    }

    /** What is true in it. */
    public String sentence() {
        return sentence;
    }

    /** Nothing is left to do for the last deployment, so that a next one may begin. */
    public boolean isOver() {
        return over().contains(this);
    }

    /** A fact of the ledger leads to it. */
    public boolean isDurable() {
        return this != HELD && this != LEFT;
    }

    /** A deployment is in the middle of its way. */
    public boolean isOpen() {
        return isDurable() && !isOver() && this != ENDING;
    }

    /** The deployment is proven, whatever is left to do for its predecessor. */
    public boolean isProven() {
        return this == COMMITTED || this == DRAINING || this == RETIRING || this == KEEPING || this == DONE;
    }

    static Set<State> over() {
        return EnumSet.of(IDLE, ROLLED_BACK, DONE, NEEDS_HUMAN);
    }

    /** Who takes the application finds one of them, and looks before anything else; an ending is only gone on with. */
    static Set<State> startable() {
        Set<State> states = durable();
        states.remove(ENDING);
        return states;
    }

    static Set<State> durable() {
        return Arrays.stream(values())
                .filter(State::isDurable)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(State.class)));
    }
}
