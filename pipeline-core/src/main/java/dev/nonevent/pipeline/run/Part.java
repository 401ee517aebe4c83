package dev.nonevent.pipeline.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A kind of thing that what a stage makes depends on, and what is said when one of them is not as it was. */
enum Part {
    NEEDS("%s, which it needs, has run again and gave another value"),
    REQUIRES("%s, which it requires, has run again"),
    AFTER("%s, which it comes after, has run again"),
    CODE("its code (%s) has changed"),
    DEED("what it does has changed"),
    PLACE("where it runs has changed"),
    CONDITIONS("its conditions have changed"),
    TIMEOUT("its timeout has changed"),
    VARIABLE("its variable %s has changed"),
    SERVICE("its service %s has changed"),
    SECRETS("the secrets it may read have changed"),
    PARAMETER("parameter %s has changed");

    /** What nobody could find out, and so never is as it was. */
    static final String UNKNOWN = "unknown";

    private final String sentence;

    Part(String sentence) {
        this.sentence = sentence;
    }

    static Part between(Node before, Node node) {
        if (node.declaration.inputs().contains(before.declaration.handle())) {
            return NEEDS;
        }
        return node.declaration.gates().contains(before.declaration.handle()) ? REQUIRES : AFTER;
    }

    String key(String name) {
        return (name().toLowerCase(Locale.ROOT) + " " + name).strip();
    }

    /** What is said of a part by its key, if this version knows it. */
    static Optional<String> sentence(String key) {
        String kind = key.contains(" ") ? key.substring(0, key.indexOf(' ')) : key;
        String name = key.contains(" ") ? key.substring(kind.length() + 1) : "";
        return Arrays.stream(values())
                .filter(part -> part.name().toLowerCase(Locale.ROOT).equals(kind))
                .findFirst()
                .map(part -> String.format(Locale.ROOT, part.sentence, name));
    }
}
