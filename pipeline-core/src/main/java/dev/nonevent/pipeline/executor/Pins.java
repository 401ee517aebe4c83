package dev.nonevent.pipeline.executor;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What names that may move, such as an image's tag, meant when a run first used them; they mean the same until it ends.
 * Safe for use by several threads.
 */
public final class Pins {

    private final Map<String, String> meanings = new ConcurrentHashMap<>();

    public Pins() {}

    /** What the name meant when it was used first; empty if it was not used yet. */
    public Optional<String> meaning(String name) {
        return Optional.ofNullable(meanings.get(name));
    }

    /**
     * Says what the name means now.
     *
     * @return what it has to mean: that, unless somebody was first
     */
    public String pin(String name, String meaning) {
        String first = meanings.putIfAbsent(name, meaning);
        return first == null ? meaning : first;
    }
}
