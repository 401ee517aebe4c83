package dev.nonevent.pipeline.post;

import java.time.Duration;
import java.util.Optional;

/** What became of a letter. Words of the server are one short line each, masked. */
public sealed interface Answer {

    /** It was taken. */
    record Taken() implements Answer {}

    /** It was read and refused: the same letter will be refused again. */
    record Refused(int status, String words) implements Answer {}

    /** It may be taken later. */
    record Later(String why, Optional<Duration> after) implements Answer {}

    /** Why it was not taken: {@code answered 404: Not Found}. Empty if it was. */
    default String sentence() {
        if (this instanceof Refused refused) {
            return "answered " + refused.status() + (refused.words().isEmpty() ? "" : ": " + refused.words());
        }
        return this instanceof Later later
                ? later.why()
                        + later.after()
                                .map(wait -> "; it asks to wait " + wait.toSeconds() + " s")
                                .orElse("")
                : "";
    }
}
