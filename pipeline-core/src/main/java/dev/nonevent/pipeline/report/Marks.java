package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.outcome.Outcome;

/** The signs and colours of a style. */
record Marks(boolean colour, boolean ascii) {

    private static final String GREEN = "32";
    private static final String RED = "31";
    private static final String YELLOW = "33";
    private static final String DIM = "2";

    static Marks of(ConsoleStyle style) {
        return new Marks(style.colour(), style.ascii());
    }

    /** Where there is neither colour nor a need for ASCII. */
    static String sign(Outcome outcome) {
        return outcome.fold(e -> "✔", e -> "✘", e -> "✘", e -> "✘", e -> "✘", e -> "○");
    }

    String of(Outcome outcome) {
        return outcome.fold(
                e -> coloured(GREEN, ascii ? "ok  " : "✔"),
                e -> coloured(RED, ascii ? "FAIL" : "✘"),
                e -> coloured(RED, ascii ? "FAIL" : "✘"),
                e -> coloured(RED, ascii ? "FAIL" : "✘"),
                e -> coloured(YELLOW, ascii ? "STOP" : "✘"),
                e -> coloured(DIM, ascii ? "--  " : "○"));
    }

    String running() {
        return coloured(YELLOW, ascii ? "..  " : "●");
    }

    String note() {
        return coloured(YELLOW, ascii ? "NOTE" : "!");
    }

    String waiting() {
        return coloured(DIM, ascii ? "    " : "○");
    }

    String bar() {
        return coloured(DIM, ascii ? "|" : "│");
    }

    String cut() {
        return ascii ? "..." : "…";
    }

    String word(Outcome outcome) {
        return outcome.hasPassed() || outcome.wasSkipped() ? outcome.word() : coloured(RED, outcome.word());
    }

    String dim(String text) {
        return coloured(DIM, text);
    }

    /** Everything that is ours is ASCII or replaced above; what came from outside is replaced here. */
    String text(String outside) {
        String clean = CleanText.line(outside);
        return ascii && !clean.chars().allMatch(c -> c < 128) ? clean.replaceAll("[^\\x00-\\x7F]", "?") : clean;
    }

    private String coloured(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
