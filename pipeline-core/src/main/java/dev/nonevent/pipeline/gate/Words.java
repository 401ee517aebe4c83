package dev.nonevent.pipeline.gate;

import java.util.Locale;

/** Text from a report, made fit for one line on a screen: it comes from outside and may carry anything. */
final class Words {

    private static final int LONGEST = 200;

    private Words() {}

    /** The first line, at most 200 characters; control and direction characters become {@code \\uXXXX}. */
    static String line(String text) {
        StringBuilder shown = new StringBuilder();
        for (int at = 0; at < text.length() && shown.length() < LONGEST; ) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            if (point == '\n' || point == '\r') {
                if (!shown.toString().isBlank()) {
                    return shown.toString().strip();
                }
            } else if (point == '\t') {
                shown.append(' ');
            } else if (unprintable(point)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", point));
            } else {
                shown.appendCodePoint(point);
            }
        }
        return shown.length() < LONGEST
                ? shown.toString().strip()
                : shown.toString().strip() + "…";
    }

    /** {@code 1 test}, {@code 7 tests}. */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static boolean unprintable(int point) {
        int type = Character.getType(point);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
