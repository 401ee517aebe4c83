package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.work.StageContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What must not get into an image, because anyone who has the image can read it: secrets, and what looks like one. */
final class Confidential {

    private static final Set<String> WORDS =
            Set.of("PASSPHRASE", "SECRET", "SECRETS", "TOKEN", "TOKENS", "APIKEY", "CREDENTIAL", "CREDENTIALS");
    private static final Pattern PASSWORD = Pattern.compile("[A-Z0-9]*PASS(WORD|WD)S?");
    private static final Set<String> KEYS = Set.of("API", "PRIVATE", "ACCESS", "SIGNING", "ENCRYPTION");
    private static final List<Pattern> SHAPES = List.of(
            Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----"),
            Pattern.compile("\\b(AKIA|ASIA)[0-9A-Z]{16}\\b"),
            Pattern.compile("\\bgh[pousr]_[A-Za-z0-9]{36}"),
            Pattern.compile("\\bgithub_pat_[A-Za-z0-9_]{36}"),
            Pattern.compile("\\bnpm_[A-Za-z0-9]{36}"),
            Pattern.compile("\\bdckr_pat_[A-Za-z0-9_-]{20}"),
            Pattern.compile("\\bxox[abeoprs]-[A-Za-z0-9-]{10}"),
            Pattern.compile("\\b[rs]k_live_[A-Za-z0-9]{16}"),
            Pattern.compile("\\bAIza[A-Za-z0-9_-]{35}"),
            Pattern.compile("\\bglpat-[A-Za-z0-9_-]{20}"),
            Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\."),
            Pattern.compile("\\b[a-z][a-z0-9+.-]*://[^/\\s:@]+:[^/\\s:@]+@"));

    private Confidential() {}

    /**
     * @param kind for the sentence: {@code build argument}
     * @throws IllegalArgumentException if name or value look like a secret's; the value is not in the sentence
     */
    static void refuseWhatLooksLikeIt(String kind, String name, String value) {
        if (namesSecret(name)
                || SHAPES.stream().anyMatch(shape -> shape.matcher(value).find())) {
            throw refused(kind, name, "looks like a secret");
        }
    }

    /** @throws IllegalArgumentException if a secret of the run is in the value */
    static void refuseSecrets(String kind, String name, String value, StageContext stage) {
        if (!stage.masked(value).equals(value)) {
            throw refused(kind, name, "holds a secret of this run");
        }
    }

    private static boolean namesSecret(String name) {
        String apart = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
        List<String> words = List.of(apart.split("[^A-Z0-9]+"));
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean key = word.equals("KEY") && i > 0 && KEYS.contains(words.get(i - 1));
            // PGPASSWORD and MYSQL_PWD; PWD alone is a directory.
            boolean password = PASSWORD.matcher(word).matches() || (word.equals("PWD") && i > 0);
            if (key || password || WORDS.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static IllegalArgumentException refused(String kind, String name, String why) {
        return new IllegalArgumentException(
                kind + " " + name + " " + why + ", and whoever has the image can read it with"
                        + " docker history: do what needs the secret in a stage that has it, and bring the result into the image"
                        + " with file(…) or context(…)");
    }
}
