package dev.nonevent.pipeline.secret;

/**
 * A name for a value that is never printed. The value is read inside the run, as late as possible, and only by the
 * stages it was granted to.
 *
 * @param name where a {@link SecretSource} finds it: {@code [a-z0-9][a-z0-9._-]*}, at most 63 characters
 */
public record Secret(String name) {

    public Secret {
        if (!name.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
            throw new IllegalArgumentException("secret \"" + name
                    + "\": a name is lower case letters, digits, dots, dashes and underscores, at most 63");
        }
    }

    @Override
    public String toString() {
        return "***" + name + "***";
    }
}
