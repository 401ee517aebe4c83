package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.executor.ProcessTree;
import dev.nonevent.pipeline.journal.JournalEntry;
import dev.nonevent.pipeline.journal.RunJournal;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a process comes to a run: it begins it, or goes on with it.
 *
 * @param entry what it writes first
 * @param notes what people should know of it
 */
record Resumption(RunRequest request, Past past, JournalEntry entry, List<String> notes) {

    /** A run that was not there before. */
    static Resumption begun(Plan plan, RunRequest request, Redaction redaction, Instant now) {
        Map<String, String> open = new LinkedHashMap<>();
        List<String> hidden = new ArrayList<>();
        request.parameters().forEach((name, text) -> {
            if (redaction.text(text).equals(text)) {
                open.put(name, text);
            } else {
                hidden.add(name);
            }
        });
        JournalEntry.Begun entry = new JournalEntry.Begun(
                JournalEntry.FORMAT,
                plan.pipeline().name(),
                now,
                request.trigger(),
                open,
                hidden,
                LocalExecutor.marker());
        return new Resumption(request, Past.none(), entry, List.of());
    }

    /**
     * @throws InvalidRequestException if nobody can go on with it
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if a command of a process that was killed cannot be ended
     */
    static Resumption of(Plan plan, RunId run, RunJournal journal, Instant now) {
        List<JournalEntry> entries = journal.past();
        if (entries.isEmpty() || !(entries.get(0) instanceof JournalEntry.Begun begun)) {
            throw refused(plan, "run " + run + " was cut short before its journal had begun; start a new run");
        } else if (!begun.pipeline().equals(plan.pipeline().name())) {
            throw refused(plan, "run " + run + " is of pipeline \"" + begun.pipeline() + "\"");
        } else if (!begun.hidden().isEmpty()) {
            throw refused(
                    plan,
                    "run " + run + " was given --" + String.join(", --", begun.hidden())
                            + " with a secret in it, which is not written down; start a new run");
        }
        Past past = Past.of(entries);
        if (past.end().filter(Outcome::hasPassed).isPresent()) {
            throw refused(plan, "run " + run + " has passed: nothing is left to be done");
        }
        return new Resumption(
                new RunRequest(begun.trigger(), begun.parameters()),
                past,
                new JournalEntry.Resumed(past.attempts() + 1, now, LocalExecutor.marker()),
                notes(past, journal));
    }

    /** Tells what was mended, and what the processes before had left running, which is ended now. */
    private static List<String> notes(Past past, RunJournal journal) {
        List<String> notes = new ArrayList<>(journal.repaired().stream().toList());
        for (String marker : past.markers()) {
            List<ProcessTree.Member> left = LocalExecutor.endLeftBy(marker);
            if (!left.isEmpty()) {
                notes.add("the process that was killed had left commands running, which were ended: " + left);
            }
        }
        return notes;
    }

    static InvalidRequestException refused(Plan plan, String why) {
        return new InvalidRequestException(plan.pipeline().name(), List.of(why));
    }

    /** Counted from 1. */
    int attempt() {
        return past.attempts() + 1;
    }
}
