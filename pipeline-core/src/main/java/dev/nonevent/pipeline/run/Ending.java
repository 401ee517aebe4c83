package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a node ended.
 *
 * @param value what it made, if it passed and makes something
 * @param byChoice whether nothing went wrong on the way: it passed, or was skipped because a condition did not hold
 */
record Ending(Outcome outcome, Optional<Object> value, boolean byChoice, Duration took, Optional<Path> log) {

    /** A condition said no, here or further up. */
    static Ending unwanted(String why) {
        return new Ending(new Outcome.Skipped(why), Optional.empty(), true, Duration.ZERO, Optional.empty());
    }

    /** Something went wrong further up. */
    static Ending prevented(String why) {
        return new Ending(new Outcome.Skipped(why), Optional.empty(), false, Duration.ZERO, Optional.empty());
    }

    /** It could not even be tried. */
    static Ending errored(String sentence, Throwable thrown) {
        Outcome outcome = new Outcome.Errored(new Failure(sentence, List.of(), thrown));
        return new Ending(outcome, Optional.empty(), false, Duration.ZERO, Optional.empty());
    }
}
