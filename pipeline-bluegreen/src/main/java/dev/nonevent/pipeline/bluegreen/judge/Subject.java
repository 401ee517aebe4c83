package dev.nonevent.pipeline.bluegreen.judge;

import java.util.Optional;

/**
 * Who is being judged, for a question that asks about one release only.
 *
 * @param deployment the name of the deployment being judged, such as {@code shop-12}
 * @param version of its release
 * @param stable the name of the deployment it replaces
 */
public record Subject(String deployment, String version, String stable) {

    /**
     * The question with <code>{deployment}</code>, <code>{version}</code> and <code>{stable}</code> filled in; empty if one
     * of them has a character that a query language could take for its own: only letters, digits and {@code . _ + -} go in.
     */
    public Optional<String> fill(String question) {
        return Optional.of(question)
                .flatMap(text -> fill(text, "{deployment}", deployment))
                .flatMap(text -> fill(text, "{version}", version))
                .flatMap(text -> fill(text, "{stable}", stable));
    }

    private static Optional<String> fill(String text, String place, String value) {
        if (!text.contains(place)) {
            return Optional.of(text);
        }
        return value.matches("[A-Za-z0-9._+-]+") ? Optional.of(text.replace(place, value)) : Optional.empty();
    }
}
