package dev.nonevent.pipeline.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Elements of XML, or of HTML written as XML: what was opened is closed, and text is only ever text. It loses what could
 * drive a terminal ({@link CleanText}) and what no XML 1.0 document may hold, whatever a stage has printed.
 */
final class Markup {

    private static final Pattern INVALID =
            Pattern.compile("[^\\x{9}\\x{A}\\x{D}\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]");

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** @param declaration of the document, written as it is */
    Markup(String declaration) {
        out.append(declaration).append('\n');
    }

    /** @param attributes names and values in turn */
    Markup open(String name, Object... attributes) {
        tag(name, attributes);
        out.append('>');
        open.push(name);
        return this;
    }

    Markup close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** With nothing in it. */
    Markup empty(String name, Object... attributes) {
        tag(name, attributes);
        out.append("/>");
        return this;
    }

    /** With one line of text in it. */
    Markup element(String name, String text, Object... attributes) {
        return open(name, attributes).text(text).close();
    }

    /** One line. */
    Markup text(String line) {
        out.append(escaped(line));
        return this;
    }

    /** With the lines of a text in it, each on a line of its own. */
    Markup block(String name, List<String> lines, Object... attributes) {
        open(name, attributes);
        lines.forEach(line -> out.append(escaped(line)).append('\n'));
        return close();
    }

    /** A style sheet of ours. */
    Markup style(String sheet) {
        out.append("<style>").append(sheet).append("</style>");
        return this;
    }

    /** So that a person who looks at the source, or a tool that compares, has lines. */
    Markup line() {
        out.append('\n');
        return this;
    }

    private void tag(String name, Object... attributes) {
        out.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            out.append(escaped(String.valueOf(attributes[i + 1]))).append('"');
        }
    }

    private static String escaped(String text) {
        String valid = INVALID.matcher(CleanText.line(text)).replaceAll("\uFFFD");
        StringBuilder escaped = new StringBuilder(valid.length() + 16);
        for (int i = 0; i < valid.length(); i++) {
            char each = valid.charAt(i);
            switch (each) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(each);
            }
        }
        return escaped.toString();
    }

    /** @throws IllegalStateException if something was left open */
    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return out + "\n";
    }
}
