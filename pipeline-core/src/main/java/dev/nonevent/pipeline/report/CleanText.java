package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.text.OneLine;
import java.util.regex.Pattern;

/** Text from outside, made fit for a terminal: it can neither move the cursor nor colour, hide or turn what follows. */
public final class CleanText {

    /** Control sequences (ESC [ …), strings (ESC ] … BEL or ST) and the other escapes, complete or cut off. */
    private static final Pattern ESCAPES = Pattern.compile("(?:\u001b\\[|\u009b)[0-?]*[ -/]*[@-~]?"
            + "|(?:\u001b[]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\\\|\u009c)?"
            + "|\u001b[ -/]*[0-~]?");

    private CleanText() {}

    /** One line: escapes gone, the last state of what overwrote itself, tabs as spaces, the invisible as code points. */
    public static String line(String text) {
        if (isPlain(text)) {
            return text;
        }
        String overwritten = ESCAPES.matcher(text).replaceAll("").stripTrailing();
        String visible = overwritten.substring(overwritten.lastIndexOf('\r') + 1);
        StringBuilder clean = new StringBuilder(visible.length() + 16);
        visible.codePoints().forEach(point -> append(clean, point));
        return clean.toString();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each < ' ' || each > '~') {
                return false;
            }
        }
        return true;
    }

    private static void append(StringBuilder clean, int point) {
        if (point == '\t') {
            clean.append("    ");
        } else if (point == '\n') {
            clean.append(' ');
        } else if (isHidden(point)) {
            clean.append(String.format("<U+%04X>", point));
        } else {
            clean.appendCodePoint(point);
        }
    }

    /** Joiners are left alone: scripts and emoji need them, and they turn nothing round. */
    private static boolean isHidden(int point) {
        return point != 0x200C && point != 0x200D && OneLine.isInvisible(point);
    }

    /** At most so many columns wide, the last of them a mark that something is missing. */
    static String cut(String text, int width, String mark) {
        if (columns(text) <= width) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int room = Math.max(0, width - mark.length());
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            room -= columns(text.codePointAt(i));
            if (room < 0) {
                break;
            }
            kept.appendCodePoint(text.codePointAt(i));
        }
        return kept + mark;
    }

    /** How many columns of a terminal the text fills, rather too many than too few. */
    static int columns(String text) {
        return text.codePoints().map(CleanText::columns).sum();
    }

    /** The ranges that Unicode calls wide, and emoji. */
    private static int columns(int point) {
        boolean wide = (point >= 0x1100 && point <= 0x115F)
                || (point >= 0x2E80 && point <= 0xA4CF)
                || (point >= 0xAC00 && point <= 0xD7A3)
                || (point >= 0xF900 && point <= 0xFAFF)
                || (point >= 0xFE30 && point <= 0xFE6F)
                || (point >= 0xFF00 && point <= 0xFF60)
                || (point >= 0xFFE0 && point <= 0xFFE6)
                || (point >= 0x1F000 && point <= 0x1FAFF)
                || (point >= 0x20000 && point <= 0x3FFFD);
        return wide ? 2 : 1;
    }
}
