package dev.nonevent.pipeline.gate;

import java.util.Locale;
import java.util.Optional;

/**
 * One result of a scan, reduced to what a verdict needs.
 *
 * @param rule the rule's id; may be empty
 * @param ruleIndex where the rule stands in the tool's list; -1 if it does not say
 * @param level as the result says it; empty: the rule's
 * @param score {@code security-severity} as the result says it; empty: the rule's
 * @param text where and what, for people
 */
record Finding(String rule, int ruleIndex, Optional<String> level, Optional<String> score, String text) {

    /**
     * What a rule says for its results that do not say it themselves.
     *
     * @param level {@code defaultConfiguration.level}
     * @param score {@code properties.security-severity}
     */
    record Rule(String id, Optional<String> level, Optional<String> score) {}

    /** How bad, or that nobody can tell. */
    record Weight(Optional<Severity> severity, boolean known, String word) {

        boolean blocksFrom(Severity least) {
            return !known || severity.filter(it -> it.compareTo(least) >= 0).isPresent();
        }
    }

    Weight weight(Optional<Rule> rule) {
        Optional<String> said = score.or(() -> rule.flatMap(Rule::score));
        return said.map(Finding::ofScore)
                .orElseGet(
                        () -> ofLevel(level.or(() -> rule.flatMap(Rule::level)).orElse("warning")));
    }

    private static Weight ofScore(String score) {
        double value = score.matches("[0-9]{1,2}(\\.[0-9]{1,6})?") ? Double.parseDouble(score) : -1;
        if (value < 0 || value > 10) {
            return new Weight(Optional.empty(), false, "unknown severity \"" + Words.line(score) + "\"");
        } else if (value == 0) {
            return new Weight(Optional.empty(), true, "none");
        }
        return known(
                value >= 9
                        ? Severity.CRITICAL
                        : value >= 7 ? Severity.HIGH : value >= 4 ? Severity.MEDIUM : Severity.LOW);
    }

    private static Weight ofLevel(String level) {
        return switch (level) {
            case "error" -> known(Severity.HIGH);
            case "warning" -> known(Severity.MEDIUM);
            case "note" -> known(Severity.LOW);
            default -> new Weight(Optional.empty(), true, "none");
        };
    }

    private static Weight known(Severity severity) {
        return new Weight(Optional.of(severity), true, severity.name().toLowerCase(Locale.ROOT));
    }
}
