package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is no stage's own, as sentences for people. */
final class Asides {

    private static final List<String> ALWAYS_THERE = List.of("run", "at");

    private Asides() {}

    /** The stage it is about, if it is about one. */
    static Optional<String> stage(RunEvent.Aside event) {
        if (event instanceof RunEvent.StageDecided decided) {
            return Optional.of(decided.stage());
        } else if (event instanceof RunEvent.CommitCheckedOut checkedOut) {
            return Optional.of(checkedOut.stage());
        } else if (event instanceof RunEvent.StageRetried retried) {
            return Optional.of(retried.stage());
        } else if (event instanceof RunEvent.ApprovalAwaited awaited) {
            return Optional.of(awaited.stage());
        } else if (event instanceof RunEvent.ApprovalGiven given) {
            return Optional.of(given.stage());
        } else if (event instanceof RunEvent.LockAwaited awaited) {
            return awaited.stage();
        }
        return Optional.empty();
    }

    /** Without the name of the stage. */
    static String sentence(RunEvent.Aside event) {
        if (event instanceof RunEvent.RunNote note) {
            return note.line();
        } else if (event instanceof RunEvent.StageDecided decided) {
            return decided.why();
        } else if (event instanceof RunEvent.CommitCheckedOut checkedOut) {
            return "commit " + checkedOut.commit() + " of " + checkedOut.repository();
        } else if (event instanceof RunEvent.StageRetried retried) {
            return "attempt " + retried.attempt() + " " + retried.outcome().word() + ", "
                    + retried.outcome().sentence() + "; the next one in " + Durations.text(retried.pause());
        } else if (event instanceof RunEvent.ApprovalAwaited awaited) {
            return "waits for approval by " + awaited.by() + " of " + awaited.digest() + ": " + awaited.how();
        } else if (event instanceof RunEvent.ApprovalGiven given) {
            return (given.approved() ? "approved" : "rejected") + " by " + given.who()
                    + (given.comment().isEmpty() ? "" : ", \"" + given.comment() + "\"");
        } else if (event instanceof RunEvent.LockAwaited awaited) {
            return "waits for the lock " + awaited.lock() + ", held by " + awaited.holder();
        } else if (event instanceof RunEvent.OfService service) {
            return sentence(service);
        }
        return words((Record) event);
    }

    private static String sentence(RunEvent.OfService event) {
        String service = "service " + event.service();
        if (event instanceof RunEvent.ServiceStarting starting) {
            return service + " is started for " + starting.stage() + ", in " + starting.description();
        } else if (event instanceof RunEvent.ServiceReady ready) {
            return service + " is ready after " + Durations.text(ready.took());
        } else if (event instanceof RunEvent.ServiceEnded) {
            return service + " is not needed any more";
        }
        return words((Record) event);
    }

    /** What has no sentence of its own yet: {@code lock taken: stage deploy, lock production}. */
    static String words(Record event) {
        String all = Arrays.stream(event.getClass().getRecordComponents())
                .filter(part -> !ALWAYS_THERE.contains(part.getName()))
                .map(part -> spaced(part.getName()) + " " + value(event, part))
                .collect(Collectors.joining(", "));
        String name = spaced(event.getClass().getSimpleName());
        return all.isEmpty() ? name : name + ": " + all;
    }

    private static Object value(Record event, RecordComponent part) {
        try {
            return part.getAccessor().invoke(event);
        } catch (ReflectiveOperationException hidden) {
            return "?";
        }
    }

    private static String spaced(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
