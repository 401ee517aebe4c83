package dev.nonevent.pipeline.run;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What came of it when a thread carried a node on. */
sealed interface Turn {

    /** It is over. */
    record Ended(Ending ending) implements Turn {}

    /**
     * It waits, and needs no thread until it may go on.
     *
     * @param pause until somebody looks whether it may, and between two looks
     * @param isOver whether it may; short, never blocking, and indifferent to interrupts
     */
    record Waits(Duration pause, BooleanSupplier isOver) implements Turn {

        /** Only for time to go by. */
        static Waits forTime(Duration pause) {
            return new Waits(pause, () -> true);
        }
    }

    default void match(Consumer<Ending> ended, Consumer<Waits> waits) {
        if (this instanceof Waits turn) {
            waits.accept(turn);
        } else {
            ended.accept(((Ended) this).ending());
        }
    }
}
