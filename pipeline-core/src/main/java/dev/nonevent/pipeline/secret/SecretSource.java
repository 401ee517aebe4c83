package dev.nonevent.pipeline.secret;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where the values of secrets come from. */
public interface SecretSource {

    /** The value, or empty if this source does not have it. */
    Optional<String> find(Secret secret);

    /** Where it looked for this secret, for the message that says it is missing. */
    String whereFor(Secret secret);

    /** Reads {@code registry-token} from the variable {@code REGISTRY_TOKEN} of the given environment. */
    static SecretSource environment(Map<String, String> environment) {
        Map<String, String> known = Map.copyOf(environment);
        return new SecretSource() {
            @Override
            public Optional<String> find(Secret secret) {
                return Optional.ofNullable(known.get(variable(secret)));
            }

            @Override
            public String whereFor(Secret secret) {
                return "environment variable " + variable(secret);
            }

            private String variable(Secret secret) {
                return secret.name().toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
            }
        };
    }

    /**
     * Reads {@code registry-token} from the file of that name in the directory, without the line break at its end.
     *
     * <p>{@link #find} throws an {@link IllegalStateException} with a sentence if the file may be read by its group or by
     * others (where the file system knows such modes), has more than 64 KiB, or cannot be read as UTF-8.
     */
    static SecretSource directory(Path directory) {
        return new SecretFiles(directory);
    }

    /** This source first, then the other. */
    default SecretSource or(SecretSource other) {
        SecretSource first = this;
        return new SecretSource() {
            @Override
            public Optional<String> find(Secret secret) {
                return first.find(secret).or(() -> other.find(secret));
            }

            @Override
            public String whereFor(Secret secret) {
                return first.whereFor(secret) + ", " + other.whereFor(secret);
            }
        };
    }
}
