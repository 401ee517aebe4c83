package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.journal.JournalEntry;
import dev.nonevent.pipeline.journal.Kept;
import dev.nonevent.pipeline.journal.Values;
import dev.nonevent.pipeline.outcome.Outcome;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a run remembers of its stages: keeps what they made, and finds out whether what they made before still holds. Safe
 * for use by several threads.
 */
final class Recall {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Past past;
    private final ClassFiles classes = new ClassFiles();
    private final Map<ClassLoader, Values> values = new ConcurrentHashMap<>();

    Recall(Past past) {
        this.past = past;
    }

    Past past() {
        return past;
    }

    /** Looks at a node whose turn has come: its ending if it need not run again. Tells which, and why, in a resumed run. */
    Optional<Ending> of(Node node, Shared shared) {
        node.parts = Fingerprint.of(node, shared, classes);
        if (!past.isResumed()) {
            return Optional.empty();
        }
        Decision decision = decide(node, shared);
        String why = shared.redaction().text(decision.why());
        shared.bus()
                .publish(new RunEvent.StageDecided(
                        shared.folder().id(),
                        shared.time().now(),
                        node.name(),
                        decision.taken().isEmpty(),
                        why));
        return decision.taken().map(over -> restored(node, over, decision.value(), why));
    }

    /** Writes down how a node that was carried out has ended, with what it made, and tells it. */
    void over(Node node, Ending ending, RunEvent.StageEnded event, Shared shared) {
        Optional<Object> value = ending.value().filter(made -> ending.outcome().hasPassed());
        Kept kept = value.map(made -> values(node, shared).keep(made)).orElseGet(Kept.Nothing::new);
        long record = shared.bus().publish(new JournalEntry.StageOver(event, kept), () -> {});
        remember(node, record, value.filter(made -> kept instanceof Kept.Value));
    }

    private record Decision(Optional<Past.Over> taken, Optional<Object> value, String why) {

        static Decision again(String why) {
            return new Decision(Optional.empty(), Optional.empty(), why);
        }
    }

    private Decision decide(Node node, Shared shared) {
        Past.Memory memory = past.of(node).orElse(null);
        if (memory == null) {
            return Decision.again("runs: it had not begun");
        } else if (memory.over().isEmpty()) {
            return Decision.again("runs again: it was under way when the run was cut short"
                    + (node.declaration.deed() instanceof Deed.Deploy
                            ? "; its strategy finds out where traffic is, and finishes or undoes what was left open"
                            : ""));
        }
        Past.Over over = memory.over().get();
        if (!over.event().outcome().hasPassed()) {
            return Decision.again("runs again: it " + how(over.event().outcome()));
        }
        List<String> differences = Past.differences(memory.parts(), node.parts);
        if (!differences.isEmpty()) {
            return Decision.again("runs again: " + String.join(", and ", differences));
        }
        return decide(node, over, shared);
    }

    private Decision decide(Node node, Past.Over over, Shared shared) {
        if (over.kept() instanceof Kept.Not not) {
            return Decision.again("runs again: its value was not kept: " + not.why());
        }
        Optional<Object> value = Optional.empty();
        if (over.kept() instanceof Kept.Value kept) {
            Values.Restored restored = values(node, shared).restore(kept);
            value = restored.value();
            if (value.isEmpty()) {
                return Decision.again("runs again: its value cannot be read: " + restored.whyNot());
            }
            Optional<String> lost = Stored.missingOf(value.get(), shared.artifacts());
            if (lost.isPresent()) {
                return Decision.again("runs again: " + lost.get());
            }
        }
        return new Decision(
                Optional.of(over),
                value,
                "not run again: passed at " + TIME.format(over.event().at()) + ", nothing it depends on has changed");
    }

    private static Ending restored(Node node, Past.Over over, Optional<Object> value, String why) {
        remember(node, over.record(), value);
        RunEvent.StageEnded event = over.event();
        return new Ending(new Outcome.Passed(why), value, true, event.took(), event.log());
    }

    /** For those that depend on it. */
    private static void remember(Node node, long record, Optional<Object> kept) {
        node.record = record;
        node.digest = kept.map(ValueDigest::of);
    }

    private Values values(Node node, Shared shared) {
        ClassLoader loader = Fingerprint.code(node).classes().get(0).getClassLoader();
        ClassLoader known = loader == null ? ClassLoader.getPlatformClassLoader() : loader;
        return values.computeIfAbsent(known, each -> Values.of(each, shared.redaction()::text));
    }

    private static String how(Outcome outcome) {
        return outcome.fold(
                end -> "passed",
                end -> "was blocked",
                end -> "failed",
                end -> "errored",
                end -> "was stopped",
                end -> "was skipped");
    }
}
