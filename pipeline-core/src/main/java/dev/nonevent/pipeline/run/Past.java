package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.journal.JournalEntry;
import dev.nonevent.pipeline.journal.Kept;
import dev.nonevent.pipeline.outcome.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the journal of a run knew when this process took it. Immutable once read. */
final class Past {

    private final Map<String, Memory> stages = new HashMap<>();
    private final List<String> markers = new ArrayList<>();
    private @Nullable Outcome end;

    /** The last time a stage or gate was carried out. */
    record Memory(Map<String, String> parts, Optional<Over> over) {}

    /** How that ended. */
    record Over(long record, RunEvent.StageEnded event, Kept kept) {}

    private Past() {}

    static Past none() {
        return new Past();
    }

    static Past of(List<JournalEntry> entries) {
        Past past = new Past();
        for (int i = 0; i < entries.size(); i++) {
            past.take(i + 1L, entries.get(i));
        }
        return past;
    }

    private void take(long record, JournalEntry entry) {
        if (entry instanceof JournalEntry.Begun begun) {
            taken(begun.marker());
        } else if (entry instanceof JournalEntry.Resumed resumed) {
            taken(resumed.marker());
        } else if (entry instanceof JournalEntry.StageBegun begun) {
            stages.put(begun.event().stage(), new Memory(begun.parts(), Optional.empty()));
        } else if (entry instanceof JournalEntry.StageOver over) {
            Memory begun = stages.get(over.event().stage());
            Map<String, String> parts = begun == null ? Map.of() : begun.parts();
            stages.put(
                    over.event().stage(), new Memory(parts, Optional.of(new Over(record, over.event(), over.kept()))));
        } else if (entry instanceof JournalEntry.Told told && told.event() instanceof RunEvent.RunEnded ended) {
            end = ended.outcome();
        }
    }

    private void taken(String marker) {
        markers.add(marker);
        end = null;
    }

    /** How many processes have had a hand in it. */
    int attempts() {
        return markers.size();
    }

    /** Of the commands of these processes, on this machine. */
    List<String> markers() {
        return markers.stream().distinct().toList();
    }

    boolean isResumed() {
        return !markers.isEmpty();
    }

    /** How it ended; empty if whoever carried it out died over it. */
    Optional<Outcome> end() {
        return Optional.ofNullable(end);
    }

    Optional<Memory> of(Node node) {
        return Optional.ofNullable(stages.get(node.name()));
    }

    /** What is not as it was, in words, the first to be told first. */
    static List<String> differences(Map<String, String> then, Map<String, String> now) {
        Set<String> keys = new LinkedHashSet<>(now.keySet());
        keys.addAll(then.keySet());
        // A parameter that was added since cannot have been looked at.
        keys.removeIf(key -> key.startsWith(Part.PARAMETER.key("")) && !then.containsKey(key));
        return java.util.Arrays.stream(Part.values())
                .flatMap(part -> keys.stream().filter(key -> (key + " ").startsWith(part.key("") + " ")))
                .filter(key -> !Objects.equals(then.get(key), now.get(key)) || Part.UNKNOWN.equals(now.get(key)))
                .flatMap(key -> Part.sentence(key).stream())
                .distinct()
                .toList();
    }
}
