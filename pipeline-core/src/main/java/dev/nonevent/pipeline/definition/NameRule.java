package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.text.OneLine;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a name may look like. Names go into file names, terminals and web pages, so nothing invisible and nothing that
 * separates is let in: {@code /} is for components and {@code [ ]} for the cells of a fan-out.
 */
final class NameRule {

    static final int LONGEST = 80;

    private NameRule() {}

    /** What is wrong with the name of a stage, a gate or a component, as the end of a sentence. */
    static Optional<String> ofStage(String name) {
        if (name.matches(".*[/\\[\\]\\\\].*")) {
            return Optional.of("must not contain / \\ [ ]: these are for the names of components and fan-outs");
        } else if (name.matches("[.]+")) {
            return Optional.of("must not be made of dots alone");
        }
        return ofText(name);
    }

    /** What is wrong with the text of a fan-out's key. */
    static Optional<String> ofText(String text) {
        String hidden = text.codePoints()
                .filter(NameRule::isInvisible)
                .mapToObj(point -> String.format("U+%04X", point))
                .distinct()
                .collect(Collectors.joining(", "));
        if (!hidden.isEmpty()) {
            return Optional.of("must not contain " + hidden);
        } else if (text.isBlank() || !text.equals(text.strip())) {
            return Optional.of("must not be blank, nor begin or end with a space");
        } else if (text.codePointCount(0, text.length()) > LONGEST) {
            return Optional.of("must not be longer than " + LONGEST + " characters");
        }
        return Optional.empty();
    }

    static Optional<String> ofPipeline(String name) {
        return name.matches("[a-z0-9][a-z0-9-]{0,62}")
                ? Optional.empty()
                : Optional.of("must be lower case letters, digits and dashes, at most 63, not a dash first");
    }

    static Optional<String> ofParameter(String name) {
        return name.matches("[a-z][a-z0-9-]{0,62}")
                ? Optional.empty()
                : Optional.of("must be lower case letters, digits and dashes, at most 63, a letter first");
    }

    /** The text in quotes, short, with everything invisible as its code point. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder("\"");
        text.codePoints()
                .limit(LONGEST)
                .forEach(point -> shown.append(
                        isInvisible(point) ? String.format("<U+%04X>", point) : Character.toString(point)));
        return shown.append(text.codePointCount(0, text.length()) > LONGEST ? "…\"" : "\"")
                .toString();
    }

    private static boolean isInvisible(int point) {
        int type = Character.getType(point);
        return OneLine.isInvisible(point) || type == Character.PRIVATE_USE || type == Character.UNASSIGNED;
    }
}
