package dev.nonevent.pipeline.source;

import dev.nonevent.pipeline.text.Nearest;
import dev.nonevent.pipeline.text.OneLine;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a branch, by a grammar stricter than git's own: letters, digits and {@code . _ / + @ = -}, starting with a
 * letter or digit, at most 200 characters. Git also allows backticks, {@code $()} and invisible characters, which have no
 * place in file names, environments and reports.
 *
 * @param name without {@code refs/heads/}
 */
public record Branch(String name) {

    private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/+@=-]{0,199}");
    private static final String PREFIX = "refs/heads/";
    private static final int SHOWN = 20;

    /** @throws IllegalArgumentException naming the rule the name breaks */
    public Branch {
        if (!GRAMMAR.matcher(name).matches()
                || name.contains("..")
                || name.contains("//")
                || name.contains("@{")
                || name.contains("/.")
                || name.contains(".lock/")
                || name.endsWith(".lock")
                || name.endsWith("/")
                || name.endsWith(".")) {
            throw new IllegalArgumentException(
                    "branch \"" + shown(name) + "\": a name is letters, digits and ._/+@=-,"
                            + " starts with a letter or digit, has at most 200 characters, and holds none of .. // @{ /. or .lock");
        }
    }

    /** The branch a ref is, or empty if it is none by this grammar. */
    public static Optional<Branch> ofRef(String ref) {
        if (!ref.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Branch(ref.substring(PREFIX.length())));
        } catch (IllegalArgumentException otherGrammar) {
            return Optional.empty();
        }
    }

    /** {@code refs/heads/…}. */
    public String ref() {
        return PREFIX + name;
    }

    /** A name from outside, fit for a screen. */
    static String shown(String text) {
        return OneLine.ascii(text, 100);
    }

    /** A path or message from outside on one line. */
    static String line(String text) {
        return OneLine.escaped(text, 300);
    }

    /** For the message of a branch that is not there: those that are, and the one that was perhaps meant. */
    String among(Collection<String> names) {
        if (names.isEmpty()) {
            return "it has no branch at all: push a first commit";
        }
        String known = String.join(
                        ", ",
                        names.stream().sorted().limit(SHOWN).map(Branch::shown).toList())
                + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "");
        return "it has " + known
                + Nearest.to(name, names)
                        .map(other -> "; did you mean " + shown(other) + "?")
                        .orElse("");
    }
}
