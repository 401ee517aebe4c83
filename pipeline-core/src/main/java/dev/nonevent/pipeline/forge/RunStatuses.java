package dev.nonevent.pipeline.forge;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statuses of one run. Before anything is sent, it is written down what is owed if this process dies; what could not be
 * sent at the end stays written down for the next start. Heard by one thread at a time.
 */
final class RunStatuses {

    static final Duration TO_BEGIN = Duration.ofSeconds(10);
    static final Duration FOR_A_GATE = Duration.ofSeconds(5);
    static final Duration TO_END = Duration.ofSeconds(30);

    private final RunEvent.RunStarted run;
    private final Wording wording;
    private final Access access;
    private final Notes notes;
    /** By context. */
    private final Map<String, Status> owed = new LinkedHashMap<>();

    private final List<String> otherRepositories = new ArrayList<>();
    private @Nullable String commit;
    private @Nullable AutoCloseable lock;
    private boolean reachable = true;

    RunStatuses(RunEvent.RunStarted run, Wording wording, Access access, Notes notes) {
        this.run = run;
        this.wording = wording;
        this.access = access;
        this.notes = notes;
    }

    String context() {
        return wording.context(run.pipeline());
    }

    void begin(String about, Duration within) {
        commit = about;
        try {
            lock = notes.hold(run.run().value());
        } catch (IOException broken) {
            access.tell()
                    .accept("if this process is killed, nobody tells "
                            + access.forge().name() + ": " + broken);
        }
        pending(context(), "running", within);
    }

    void checkedOut(RunEvent.CommitCheckedOut event) {
        if (commit != null) {
            return;
        }
        if (isOurs(event.repository())) {
            begin(event.commit(), TO_BEGIN);
        } else {
            otherRepositories.add(event.repository());
        }
    }

    void gateStarted(RunEvent.StageStarted event) {
        if (commit != null && wording.gates() && event.gate() && reachable) {
            pending(context() + "/" + event.stage(), "running", FOR_A_GATE);
        }
    }

    /** A gate that never started gets no status: who requires one waits for it, as it should be. */
    void gateEnded(RunEvent.StageEnded event) {
        String context = context() + "/" + event.stage();
        if (owed.containsKey(context)) {
            end(context, event.outcome(), FOR_A_GATE, reachable);
        }
    }

    void end(Outcome outcome) {
        if (commit == null) {
            access.tell()
                    .accept(access.forge().name() + " was told nothing about run " + run.run() + ": "
                            + (otherRepositories.isEmpty()
                                    ? "it checked out no commit"
                                    : "it checked out " + String.join(", ", otherRepositories) + ", which is not "
                                            + access.forge().project()));
            return;
        }
        long until = access.time().nanos() + TO_END.toNanos();
        end(context(), outcome, TO_END, true);
        for (Status late : List.copyOf(owed.values())) {
            if (!late.context().equals(context())) {
                send(late, Duration.ofNanos(until - access.time().nanos()));
            }
        }
        close();
    }

    private void pending(String context, String description, Duration within) {
        Status status = new Status(about(), context, State.PENDING, description, wording.target(run.run()));
        owed.put(context, status.killed());
        save();
        reachable = access.send(status, within) == Access.Fate.SENT;
    }

    private void end(String context, Outcome outcome, Duration within, boolean now) {
        Status status = Status.ended(about(), context, outcome, wording.target(run.run()));
        owed.put(context, status);
        save();
        if (now) {
            send(status, within);
        }
    }

    private void send(Status status, Duration within) {
        Access.Fate fate = access.send(status, within);
        reachable = fate == Access.Fate.SENT;
        if (fate != Access.Fate.UNSENT) {
            owed.remove(status.context());
            save();
        }
    }

    private void save() {
        save(notes.keeper());
    }

    private void save(String keeper) {
        if (lock == null) {
            return;
        }
        try {
            if (owed.isEmpty()) {
                notes.remove(run.run().value());
            } else {
                notes.write(new Note(run.run().value(), keeper, List.copyOf(owed.values())));
            }
        } catch (IOException broken) {
            access.tell()
                    .accept("if this process is killed, nobody tells "
                            + access.forge().name() + ": " + broken);
        }
    }

    /** What is left belongs to nobody from now on, so that this very process may take it up as well. */
    private void close() {
        save(Notes.NOBODY);
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (Exception broken) {
            access.tell().accept("the lock of run " + run.run() + " cannot be given back: " + broken);
        }
    }

    private String about() {
        return Optional.ofNullable(commit).orElseThrow();
    }

    /** Its last name counts, whatever the way to it, for a mirror is called the same; an id of GitLab says nothing. */
    private boolean isOurs(String repository) {
        String project = access.forge().project();
        return project.matches("\\d+") || lastName(repository).equals(lastName(project));
    }

    private static String lastName(String path) {
        String name = path.replaceAll("/+$", "").replaceAll("\\.git$", "");
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf(':')) + 1)
                .toLowerCase(Locale.ROOT);
    }
}
