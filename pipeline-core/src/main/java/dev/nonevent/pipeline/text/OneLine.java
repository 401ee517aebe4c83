package dev.nonevent.pipeline.text;

import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Text from outside, made fit for one line of a message: it can neither end the line nor move, colour, hide or turn what
 * follows. What is longer than the given number of characters ends in {@code …}.
 */
public final class OneLine {

    private OneLine() {}

    /** Whether a character shows nothing itself: control, direction and other format characters, line ends, half pairs. */
    public static boolean isInvisible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /** What is invisible becomes {@code \\uXXXX}. */
    public static String escaped(String text, int most) {
        return escaped(text, most, OneLine::isInvisible);
    }

    /** All but the visible characters of ASCII becomes {@code \\uXXXX}: for names, in which nothing may look like another. */
    public static String ascii(String text, int most) {
        return escaped(text, most, point -> point <= ' ' || point > '~');
    }

    /** What is invisible becomes a space. */
    public static String blanked(String text, int most) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(most).forEach(point -> line.appendCodePoint(isInvisible(point) ? ' ' : point));
        return line + ending(text, most);
    }

    private static String escaped(String text, int most, IntPredicate escapes) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(most).forEach(point -> {
            if (escapes.test(point)) {
                line.append(String.format(Locale.ROOT, "\\u%04x", point));
            } else {
                line.appendCodePoint(point);
            }
        });
        return line + ending(text, most);
    }

    private static String ending(String text, int most) {
        return text.codePoints().skip(most).findAny().isPresent() ? "…" : "";
    }
}
