package dev.nonevent.pipeline.outcome;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong: one sentence with the culprit and the way out, and the lines a person wants to see under it.
 *
 * @param sentence what happened, for people
 * @param details lines under the sentence: failed tests, findings, the last output; may be empty
 * @param thrown what was thrown, if anything was
 */
public record Failure(
        String sentence, List<String> details, @Nullable Throwable thrown) {

    public Failure {
        details = List.copyOf(details);
    }

    public static Failure of(String sentence) {
        return new Failure(sentence, List.of(), null);
    }

    public static Failure of(Throwable thrown) {
        String message = thrown.getMessage();
        return new Failure(
                message == null || message.isBlank() ? thrown.getClass().getName() : message, List.of(), thrown);
    }

    public Optional<Throwable> cause() {
        return Optional.ofNullable(thrown);
    }
}
