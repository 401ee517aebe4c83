package dev.nonevent.pipeline.bluegreen.metric;

import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import java.util.Optional;

/** A token whose value is looked up for each question and kept nowhere. */
record Bearer(Secret secret, SecretSource values) {

    /** Empty if it is not there, or cannot be sent in a header. */
    Optional<String> header() {
        return values.find(secret)
                .filter(token -> token.matches("[A-Za-z0-9._~+/-]+=*"))
                .map(token -> "Bearer " + token);
    }

    String isMissing() {
        return "cannot be asked: its token " + secret + " is missing or is none (looked in " + values.whereFor(secret)
                + ")";
    }
}
