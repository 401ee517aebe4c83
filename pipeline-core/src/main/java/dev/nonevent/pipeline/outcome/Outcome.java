package dev.nonevent.pipeline.outcome;

import java.util.Optional;
import java.util.function.Function;

/**
 * How a stage, a gate or a whole run ended. The six ends are kept apart: a gate that says no, work that fails and
 * infrastructure that breaks are three different messages to a person.
 */
public sealed interface Outcome {

    /** It did what it should. */
    record Passed(String note) implements Outcome {}

    /** A gate said no. */
    record Blocked(Failure failure) implements Outcome {}

    /** The work failed. */
    record Failed(Failure failure) implements Outcome {}

    /** Our or the world's infrastructure failed; the only end that is worth an automatic retry. */
    record Errored(Failure failure) implements Outcome {}

    /** Somebody stopped it. */
    record Aborted(String why) implements Outcome {}

    /** It never started, and this is why. */
    record Skipped(String why) implements Outcome {}

    static Outcome passed() {
        return new Passed("");
    }

    /** Answers with the function of the case at hand; a new case breaks the compile of every caller. */
    default <R> R fold(
            Function<? super Passed, ? extends R> passed,
            Function<? super Blocked, ? extends R> blocked,
            Function<? super Failed, ? extends R> failed,
            Function<? super Errored, ? extends R> errored,
            Function<? super Aborted, ? extends R> aborted,
            Function<? super Skipped, ? extends R> skipped) {
        if (this instanceof Passed end) {
            return passed.apply(end);
        } else if (this instanceof Blocked end) {
            return blocked.apply(end);
        } else if (this instanceof Failed end) {
            return failed.apply(end);
        } else if (this instanceof Errored end) {
            return errored.apply(end);
        } else if (this instanceof Aborted end) {
            return aborted.apply(end);
        }
        return skipped.apply((Skipped) this);
    }

    default boolean hasPassed() {
        return this instanceof Passed;
    }

    default boolean wasSkipped() {
        return this instanceof Skipped;
    }

    /** The word people read: {@code passed}, {@code BLOCKED}, {@code FAILED}, {@code ERRORED}, {@code ABORTED}, {@code skipped}. */
    default String word() {
        return fold(e -> "passed", e -> "BLOCKED", e -> "FAILED", e -> "ERRORED", e -> "ABORTED", e -> "skipped");
    }

    /** One sentence on why it ended so; empty if there is nothing to say. */
    default String sentence() {
        return fold(
                Passed::note,
                e -> e.failure().sentence(),
                e -> e.failure().sentence(),
                e -> e.failure().sentence(),
                Aborted::why,
                Skipped::why);
    }

    /** What went wrong, if something did. */
    default Optional<Failure> failed() {
        return fold(
                e -> Optional.empty(),
                e -> Optional.of(e.failure()),
                e -> Optional.of(e.failure()),
                e -> Optional.of(e.failure()),
                e -> Optional.empty(),
                e -> Optional.empty());
    }

    /** The exit code of a process that ends like this: 0, 1 blocked or failed, 2 errored, 3 aborted. */
    default int exitCode() {
        return fold(e -> 0, e -> 1, e -> 1, e -> 2, e -> 3, e -> 0);
    }
}
