package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.outcome.Outcome;
import java.util.Optional;

/**
 * How an end looks on a page.
 *
 * @param kind a class of the style sheet
 * @param sign that tells it apart where there is no colour
 * @param word for people
 */
record Look(String kind, String sign, String word) {

    static Look of(Outcome outcome) {
        return outcome.fold(
                e -> new Look("good", "✓", "passed"),
                e -> new Look("bad", "✕", "blocked"),
                e -> new Look("bad", "✕", "failed"),
                e -> new Look("warn", "!", "errored"),
                e -> new Look("warn", "!", "aborted"),
                e -> new Look("none", "–", "skipped"));
    }

    static Look of(RunFacts.StageFacts stage) {
        return stage.isFlaky()
                ? new Look("warn", "✓", "flaky")
                : of(stage.outcome(), stage.started == null ? "not started" : "not ended");
    }

    private static Look of(Optional<Outcome> outcome, String otherwise) {
        return outcome.map(Look::of).orElse(new Look("none", "–", otherwise));
    }
}
