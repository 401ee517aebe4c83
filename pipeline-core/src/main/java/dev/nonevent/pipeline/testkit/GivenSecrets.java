package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import java.util.Map;
import java.util.Optional;

/** @param values by the name of the secret */
record GivenSecrets(Map<String, String> values) implements SecretSource {

    GivenSecrets {
        values = Map.copyOf(values);
    }

    @Override
    public Optional<String> find(Secret secret) {
        return Optional.ofNullable(values.get(secret.name()));
    }

    @Override
    public String whereFor(Secret secret) {
        return ".secret(\"" + secret.name() + "\", …) of the test";
    }
}
