package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.journal.JournalBrokenException;
import dev.nonevent.pipeline.journal.JournalEntry;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.source.Checkout;
import dev.nonevent.pipeline.source.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run. A thread that has carried a node out settles it, takes the next one itself and calls further threads only for
 * what can go on beside it; a node that waits is a number in the {@link Schedule}.
 */
final class Conductor implements Run {

    private final Plan plan;
    private final Graph graph;
    private final Shared shared;
    private final Threads threads;
    private final Schedule schedule;
    private final Services services;
    private final Instant started;
    private final long begun;
    private final AtomicReference<@Nullable Terminal> terminal = new AtomicReference<>();
    private final AtomicBoolean concluding = new AtomicBoolean();
    private final CompletableFuture<RunResult> result = new CompletableFuture<>();

    /** The first terminal state wins: somebody stopped it, or all of it has ended. */
    private record Terminal(Optional<String> stopped) {}

    Conductor(Plan plan, Shared shared, Threads threads, int maxParallel) {
        this.plan = plan;
        this.graph = new Graph(plan);
        this.shared = shared;
        this.threads = threads;
        this.schedule = new Schedule(graph.nodes(), maxParallel);
        this.services = new Services(graph.nodes(), shared);
        this.started = shared.time().now();
        this.begun = shared.time().nanos();
    }

    /** @param notes what people should know before anything happens */
    void start(List<String> notes) {
        shared.bus()
                .publish(new RunEvent.RunStarted(
                        id(),
                        started,
                        plan.pipeline().name(),
                        shared.inputs().trigger().kind(),
                        shared.inputs().trigger().commit(),
                        graph.edges(),
                        shared.folder().directory()));
        notes.forEach(note ->
                shared.bus().publish(new RunEvent.RunNote(id(), shared.time().now(), note)));
        shared.folder().earlierWork().forEach(work -> Aftermath.remove(work, shared));
        stopIfForgetful();
        goOn();
    }

    @Override
    public RunId id() {
        return shared.folder().id();
    }

    @Override
    public RunResult await() throws InterruptedException {
        if (shared.bus().isDelivering()) {
            throw new IllegalStateException("a listener cannot wait for the run it hears: it would wait for itself");
        }
        try {
            RunResult over = result.get();
            threads.join();
            shared.alarms().join();
            return over;
        } catch (ExecutionException broken) {
            throw new IllegalStateException("run " + id() + " could not be brought to its end", broken.getCause());
        }
    }

    @Override
    public boolean cancel(String why) {
        return stop(why, false);
    }

    /** A newer run wants what this one has. A deploy under way is waited for; it asks again. */
    private void supersede(String why) {
        if (stopReason().isEmpty() && !schedule.isDeploying()) {
            threads.aside(() -> stop(why, true), "pipeline-" + id() + "-gives-way");
        }
    }

    private boolean stop(String why, boolean sparingDeploys) {
        Terminal stopped = new Terminal(Optional.of(why));
        Optional<List<Node>> left = schedule.stop(sparingDeploys, () -> terminal.compareAndSet(null, stopped));
        if (left.isEmpty()) {
            return false;
        }
        // Also those a thread was asked for but has not come to: it may never come.
        List<Node> notStarted = left.get().stream().filter(Node::take).toList();
        graph.nodes().forEach(node -> node.leash.pull(new Stop.Cancelled(why)));
        notStarted.forEach(node -> settle(node, course(node).stopped(why)));
        goOn();
        return true;
    }

    @Override
    public boolean isDone() {
        return result.isDone();
    }

    /** Starts what may start, and ends the run if nothing is left. */
    private void goOn() {
        handOut();
        if (schedule.isOver() && concluding.compareAndSet(false, true)) {
            if (shared.bus().isDelivering()) {
                concludeElsewhere();
            } else {
                conclude();
            }
        }
    }

    /** A listener's cancel ended the last of it: what has to end before the run may wait for that listener to return. */
    private void concludeElsewhere() {
        Thread thread = new Thread(this::conclude, "pipeline-" + id() + "-conclusion");
        thread.setDaemon(true);
        thread.start();
    }

    private void handOut() {
        for (Node node = schedule.next(); node != null; node = schedule.next()) {
            call(node);
        }
    }

    private void call(Node node) {
        try {
            threads.execute(() -> work(node));
        } catch (RejectedExecutionException refused) {
            if (node.take()) {
                course(node).letGo();
                settle(node, Ending.errored("no thread took it: " + refused.getMessage(), refused));
            }
        }
    }

    private void work(Node first) {
        Node node = first;
        while (node != null && node.take()) {
            Node current = node;
            Turn turn = carryOn(current);
            turn.match(ending -> end(current, ending), waits -> rest(current, waits));
            node = schedule.next();
            if (node != null) {
                handOut();
            }
        }
        goOn();
    }

    private Turn carryOn(Node node) {
        // Before the question: who cancels says so first and pulls then, so one of the two is noticed.
        node.leash = new Leash();
        Optional<String> stopped = stopReason();
        try {
            return stopped.isPresent()
                    ? new Turn.Ended(course(node).stopped(stopped.get()))
                    : course(node).goOn();
        } catch (Throwable broken) { // ours to answer for; a run that hangs would be worse than one that says so
            return new Turn.Ended(Ending.errored("the engine failed: " + broken, broken));
        }
    }

    /** The node's way so far; only for whoever has taken it. */
    private Course course(Node node) {
        Course course = node.course;
        if (course == null) {
            course = new Course(node, shared, services.of(node), () -> graph.inputs(node), this::supersede);
            node.course = course;
        }
        return course;
    }

    private void end(Node node, Ending ending) {
        settle(node, ending);
        if (ending.outcome() instanceof Outcome.Aborted) {
            cancel(node.name() + ": " + ending.outcome().sentence());
        }
    }

    /** Leaves the node to nobody until it may go on. */
    private void rest(Node node, Turn.Waits waits) {
        node.release();
        if (schedule.rests(node)) {
            look(node, waits);
        } else if (node.take()) {
            end(node, course(node).stopped(stopReason().orElse("it is over")));
        }
    }

    private void look(Node node, Turn.Waits waits) {
        shared.alarms().after(waits.pause(), () -> {
            if (!schedule.isResting(node)) {
                return;
            }
            if (!isOver(waits)) {
                look(node, waits);
            } else if (schedule.wakes(node)) {
                // Not on the thread of the alarms: threads of the caller may do at once what they are given.
                threads.aside(this::goOn, "pipeline-" + id() + "-goes-on");
            }
        });
    }

    /** Who cannot say whether it is over says why on a thread of its own. */
    private static boolean isOver(Turn.Waits waits) {
        try {
            return waits.isOver().getAsBoolean();
        } catch (RuntimeException broken) {
            return true;
        }
    }

    /** Tells of an end, and of every end that follows from it without anybody doing anything. */
    private void settle(Node node, Ending ending) {
        Queue<Map.Entry<Node, Ending>> ends = new ArrayDeque<>();
        ends.add(Map.entry(node, shared.redaction().ending(ending)));
        for (Map.Entry<Node, Ending> end = ends.poll(); end != null; end = ends.poll()) {
            announce(end.getKey(), end.getValue());
            services.ended(end.getKey());
            for (Node kept : schedule.ended(end.getKey(), end.getValue())) {
                if (kept.take()) {
                    ends.add(Map.entry(
                            kept,
                            Obstacle.of(kept)
                                    .orElseGet(() -> stopped(stopReason().orElse("it is over")))));
                }
            }
        }
    }

    private void announce(Node node, Ending ending) {
        if (ending.value().orElse(null) instanceof Checkout checkout) {
            announce(node, checkout.revision());
        }
        RunEvent.StageEnded event = new RunEvent.StageEnded(
                id(),
                shared.time().now(),
                node.name(),
                node.isGate(),
                node.declaration.place().toString(),
                ending.outcome(),
                ending.took(),
                ending.log());
        if (node.begun) {
            shared.recall().over(node, ending, event, shared);
        } else {
            shared.bus().publish(event);
        }
        stopIfForgetful();
    }

    /** A run that cannot write down what it does does nothing more. */
    private void stopIfForgetful() {
        shared.scribe().news().ifPresent(broken -> cancel(String.valueOf(broken.getMessage())));
    }

    private void announce(Node node, Revision revision) {
        shared.bus()
                .publish(new RunEvent.CommitCheckedOut(
                        id(),
                        shared.time().now(),
                        node.name(),
                        shared.redaction().text(revision.repository()),
                        revision.commit()));
    }

    private Ending stopped(String why) {
        return Ending.prevented(shared.redaction().text("the run was stopped: " + why));
    }

    private Optional<String> stopReason() {
        Terminal end = terminal.get();
        return end == null ? Optional.empty() : end.stopped();
    }

    /** Nothing is said to be kept that is not. */
    private Outcome unlessForgotten(Outcome outcome) {
        try {
            shared.scribe().force();
            return outcome;
        } catch (JournalBrokenException broken) {
            return shared.redaction().outcome(new Outcome.Errored(Failure.of(broken)));
        }
    }

    /** Whoever interrupts this thread meant a stage; what is written down about the run must not be cut short by it. */
    private void conclude() {
        boolean interrupted = Thread.interrupted();
        try {
            end();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void end() {
        services.awaitEnd();
        Outcome overall = Overall.of(schedule.inOrderOfEnd());
        terminal.compareAndSet(null, new Terminal(Optional.empty()));
        Outcome ended = stopReason()
                .<Outcome>map(why -> new Outcome.Aborted(shared.redaction().text(why)))
                .orElse(overall);
        Outcome outcome = unlessForgotten(new LeakAudit(shared.redaction()).of(ended, shared));
        Duration took = Duration.ofNanos(shared.time().nanos() - begun);
        RunResult over = new RunResult(plan.pipeline().name(), id().value(), outcome, took, graph);
        try {
            new Aftermath(plan.pipeline(), graph, shared).follow(over, started);
        } finally {
            shared.alarms().close();
            RunEvent.RunEnded event = new RunEvent.RunEnded(id(), shared.time().now(), outcome, took);
            shared.bus().publish(new JournalEntry.Told(event), () -> {
                shared.scribe().close();
                result.complete(over);
            });
            threads.close();
        }
    }
}
