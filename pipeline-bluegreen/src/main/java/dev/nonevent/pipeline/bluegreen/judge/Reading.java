package dev.nonevent.pipeline.bluegreen.judge;

import java.util.Optional;
import java.util.function.Function;

/** What a source answered. */
public sealed interface Reading {

    /** @param number finite */
    record Value(double number) implements Reading {

        public Value {
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException(number + " is no value; it is unknown");
            }
        }
    }

    /** @param why as a sentence's end: {@code did not answer within 5 s} */
    record Unknown(String why) implements Reading {}

    /** A value, or unknown if it is infinite or no number at all. */
    static Reading of(double number) {
        return Double.isFinite(number) ? new Value(number) : new Unknown("answered " + number);
    }

    default <R> R fold(Function<? super Value, ? extends R> value, Function<? super Unknown, ? extends R> unknown) {
        return this instanceof Value known ? value.apply(known) : unknown.apply((Unknown) this);
    }

    /** The value, if it is one. */
    default Optional<Double> known() {
        return fold(value -> Optional.of(value.number()), unknown -> Optional.empty());
    }
}
