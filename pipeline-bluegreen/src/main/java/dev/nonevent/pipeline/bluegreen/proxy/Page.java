package dev.nonevent.pipeline.bluegreen.proxy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was counted so far, and where counting goes on. Immutable.
 *
 * @param marks how far the proxy's own numbers were read, in its own words
 * @param tallies of the last deployments, the one that was counted first at the beginning
 */
public record Page(Map<String, Long> marks, List<Tally> tallies) {

    private static final int REMEMBERED = 16;

    /** What one deployment answered. */
    public record Tally(Colour colour, String deployment, long requests, long failed, Optional<Instant> firstFailedAt) {

        static Tally of(Target target) {
            return new Tally(target.colour(), target.deployment(), 0, 0, Optional.empty());
        }

        Tally plus(long more, long failures, Instant at) {
            return new Tally(
                    colour,
                    deployment,
                    requests + more,
                    failed + failures,
                    failures > 0 && firstFailedAt.isEmpty() ? Optional.of(at) : firstFailedAt);
        }
    }

    public Page {
        marks = Map.copyOf(marks);
        tallies = List.copyOf(tallies);
    }

    static Page empty() {
        return new Page(Map.of(), List.of());
    }

    @JsonIgnore
    public Optional<Long> mark(String name) {
        return Optional.ofNullable(marks.get(name));
    }

    public Page marked(String name, long value) {
        Map<String, Long> all = new HashMap<>(marks);
        all.put(name, value);
        return new Page(all, tallies);
    }

    /** Forgets the marks that begin so. */
    public Page withoutMarks(String prefix) {
        Map<String, Long> all = new HashMap<>(marks);
        all.keySet().removeIf(name -> name.startsWith(prefix));
        return new Page(all, tallies);
    }

    /**
     * @param requests more of them, the failed ones included
     * @param at when the first of the failures was seen
     */
    public Page plus(Target target, long requests, long failed, Instant at) {
        List<Tally> all = new ArrayList<>();
        boolean known = false;
        for (Tally tally : tallies) {
            boolean same = tally.deployment().equals(target.deployment());
            known |= same;
            all.add(same ? tally.plus(requests, failed, at) : tally);
        }
        if (!known) {
            all.add(Tally.of(target).plus(requests, failed, at));
        }
        return new Page(marks, all.subList(Math.max(0, all.size() - REMEMBERED), all.size()));
    }
}
