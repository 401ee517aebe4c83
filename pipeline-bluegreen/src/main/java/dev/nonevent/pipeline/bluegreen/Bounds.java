package dev.nonevent.pipeline.bluegreen;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** How much of something a pipeline may declare, so that nothing that is added up later on is more than can be counted. */
final class Bounds {

    /** Of every time. */
    static final Duration LONGEST = Duration.ofDays(365);

    private static final int LONGEST_NAME = 200;

    private Bounds() {}

    static boolean exceeds(Duration time) {
        return time.compareTo(LONGEST) > 0;
    }

    /** @param what {@code a bake of} */
    static Optional<String> tooLong(String what, Duration time) {
        return exceeds(time)
                ? Optional.of(what + " " + time + " is longer than anybody waits; say 365 days at most")
                : Optional.empty();
    }

    /**
     * What is in one line of a plan, of a ledger and of errors.
     *
     * @param what has that name: {@code the guard}
     */
    static Optional<String> unreadable(String what, String name) {
        String shown = visible(name);
        return shown.equals(name)
                ? Optional.empty()
                : Optional.of(what + " \"" + shown + "\" is told in more than " + LONGEST_NAME
                        + " characters, or with some that nobody can see; say it in fewer, on one line");
    }

    /** On one line, and no longer than one; what nobody can see is written as in Java. */
    static String visible(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints().limit(LONGEST_NAME).forEach(letter -> {
            switch (Character.getType(letter)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> shown.append(String.format(Locale.ROOT, "\\u%04x", letter));
                default -> shown.appendCodePoint(letter);
            }
        });
        return shown.toString();
    }

    /** The time itself, or the longest one. */
    static Duration within(Duration time) {
        return exceeds(time) ? LONGEST : time;
    }
}
