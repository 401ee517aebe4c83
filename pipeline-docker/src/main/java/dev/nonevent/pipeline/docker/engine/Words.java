package dev.nonevent.pipeline.docker.engine;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Words of a team that an engine is told, checked when they are said: an engine would find fault with them much later, or not at all. */
public final class Words {

    private static final String HOST = "(?:[a-zA-Z0-9][a-zA-Z0-9.-]*|\\[[0-9a-fA-F:]+\\])(?::\\d{1,5})?";
    private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final String REPOSITORY = "(?:" + HOST + "/)?" + PART + "(?:/" + PART + ")*";
    private static final Pattern IMAGE =
            Pattern.compile(REPOSITORY + "(?::\\w[\\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-fA-F]{32,})?");

    private Words() {}

    /** Whether it is a name without a tag: {@code registry.example:5000/team/shop}. */
    public static boolean nameRepository(String text) {
        return text.matches(REPOSITORY);
    }

    /**
     * @param like an example for the sentence
     * @throws IllegalArgumentException if it is not what {@code docker run} takes
     */
    public static String image(String text, String like) {
        if (!IMAGE.matcher(text).matches()) {
            boolean upperCase = text.chars().anyMatch(Character::isUpperCase);
            throw new IllegalArgumentException("\"" + text + "\" is no image: name one like " + like
                    + (upperCase ? ", whose repository is in lower case" : ""));
        }
        return text;
    }

    /** @throws IllegalArgumentException if no process can have such a variable; its value is not in the sentence */
    public static void variable(String name, String value) {
        if (name.isBlank() || name.indexOf('=') >= 0 || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("\"" + name + "\" is no name for a variable");
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "the value of " + name + " contains U+0000, and no process can have a variable with it");
        }
    }

    /** @throws IllegalArgumentException if it is not {@code uid:gid}: a name would be the image's to explain */
    public static String user(String user) {
        if (!user.matches("\\d{1,9}:\\d{1,9}")) {
            throw new IllegalArgumentException("a user is uid:gid in numbers, such as 1000:1000, was " + user);
        }
        return user;
    }

    /** Whether it is one plain directory inside, and none of the kernel's: absolute, without colon, comma, {@code .} and {@code ..}. */
    public static boolean namePlace(String directory) {
        return directory.matches("/[^:,]*[^:,/]")
                && directory.chars().noneMatch(Character::isISOControl)
                && Path.of(directory).normalize().toString().equals(directory)
                && !Path.of(directory).startsWith("/proc")
                && !Path.of(directory).startsWith("/sys");
    }
}
