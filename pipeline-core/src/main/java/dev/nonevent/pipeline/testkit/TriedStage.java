package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.outcome.Outcome;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A stage, gate or deployment of a run in a test. Each expectation takes what the sentence must say besides, if anything.
 *
 * @param log what it printed, without secrets
 * @param commands what it asked for
 */
public record TriedStage(String name, Outcome outcome, List<String> log, RanCommands commands) {

    private static final int LINES = 10;

    public TriedStage {
        log = List.copyOf(log);
    }

    public TriedStage passed(String... says) {
        return ended("passed", says);
    }

    /** A gate said no. */
    public TriedStage blocked(String... says) {
        return ended("BLOCKED", says);
    }

    /** Its work failed. */
    public TriedStage failed(String... says) {
        return ended("FAILED", says);
    }

    /** The infrastructure was in the way. */
    public TriedStage errored(String... says) {
        return ended("ERRORED", says);
    }

    /** Somebody stopped it. */
    public TriedStage aborted(String... says) {
        return ended("ABORTED", says);
    }

    /** It never started. */
    public TriedStage skipped(String... says) {
        return ended("skipped", says);
    }

    private TriedStage ended(String word, String... says) {
        if (!outcome.word().equals(word)) {
            throw new AssertionError("\"" + name + "\" should be " + word + ", but is " + what());
        }
        String told = outcome.sentence() + "\n"
                + outcome.failed()
                        .map(failure -> String.join("\n", failure.details()))
                        .orElse("");
        for (String part : says) {
            if (!told.contains(part)) {
                throw new AssertionError(
                        "\"" + name + "\" is " + word + ", but does not say \"" + part + "\"; it says: " + what());
            }
        }
        return this;
    }

    private String what() {
        String end = log.subList(Math.max(0, log.size() - LINES), log.size()).stream()
                .map(line -> "\n  | " + line)
                .collect(Collectors.joining());
        return outcome.word() + (outcome.sentence().isEmpty() ? "" : ": " + outcome.sentence()) + end;
    }
}
