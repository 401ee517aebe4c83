package dev.nonevent.pipeline.bluegreen.judge;

import java.util.Optional;
import java.util.function.Function;

/** Whether a release is good enough to stay. Each says why, as a sentence's end: {@code 2 of 4,120 requests failed, …}. */
public sealed interface Judgement {

    record Pass(String why) implements Judgement {}

    record Fail(String why) implements Judgement {}

    /** There is not enough to judge by; that is never a pass. */
    record Inconclusive(String why) implements Judgement {

        /** What there is so far fails nothing. */
        static final Inconclusive NOT_YET = new Inconclusive("the bake goes on");
    }

    default <R> R fold(
            Function<? super Pass, ? extends R> pass,
            Function<? super Fail, ? extends R> fail,
            Function<? super Inconclusive, ? extends R> inconclusive) {
        if (this instanceof Pass judgement) {
            return pass.apply(judgement);
        } else if (this instanceof Fail judgement) {
            return fail.apply(judgement);
        }
        return inconclusive.apply((Inconclusive) this);
    }

    default String why() {
        return fold(Pass::why, Fail::why, Inconclusive::why);
    }

    /** Why it has to go, if it has to. */
    default Optional<String> failure() {
        return fold(e -> Optional.empty(), e -> Optional.of(e.why()), e -> Optional.empty());
    }
}
