package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Deed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may start, given who has ended. It counts and remembers, and holds no thread: nobody waits in here.
 *
 * <p>Safe for use by several threads; everything is guarded by this object's lock.
 */
final class Schedule {

    private final int slots;
    private final Queue<Node> ready = new ArrayDeque<>();
    private final Set<Node> withSlot = new HashSet<>();
    private final Set<Node> resting = new HashSet<>();
    private final List<Node> inOrderOfEnd = new ArrayList<>();
    private int open;
    private boolean stopped;

    Schedule(List<Node> nodes, int slots) {
        this.slots = slots;
        this.open = nodes.size();
        for (Node node : nodes) {
            node.waitsFor = node.before.size();
            if (node.waitsFor == 0) {
                ready.add(node);
            }
        }
    }

    /** The next node that may start, with a slot; null if there is none for now. */
    synchronized @Nullable Node next() {
        if (stopped || withSlot.size() >= slots) {
            return null;
        }
        Node node = ready.poll();
        if (node != null) {
            withSlot.add(node);
        }
        return node;
    }

    /** Takes note of an end. Answers with the nodes whose turn has come but that must not start. */
    synchronized List<Node> ended(Node node, Ending ending) {
        node.ending = ending;
        inOrderOfEnd.add(node);
        open--;
        withSlot.remove(node);
        resting.remove(node);
        List<Node> mustNotStart = new ArrayList<>();
        for (Node dependent : node.dependents) {
            dependent.waitsFor--;
            if (dependent.waitsFor == 0) {
                boolean mayStart = !stopped && Obstacle.of(dependent).isEmpty();
                (mayStart ? ready : mustNotStart).add(dependent);
            }
        }
        return mustNotStart;
    }

    /** A node that had a slot gives it to others while it waits. False if nothing starts any more, nor again. */
    synchronized boolean rests(Node node) {
        withSlot.remove(node);
        return !stopped && resting.add(node);
    }

    synchronized boolean isResting(Node node) {
        return resting.contains(node);
    }

    /** It need not wait any more, and comes after those that are ready already. False if it was not waiting. */
    synchronized boolean wakes(Node node) {
        return resting.remove(node) && ready.add(node);
    }

    /** Whether a deploy has a slot: it is under way, or just about to be. */
    synchronized boolean isDeploying() {
        return withSlot.stream().anyMatch(node -> node.declaration.deed() instanceof Deed.Deploy);
    }

    /**
     * Nothing starts any more. Answers with the nodes that would have been next, those that wait, and those with a slot; with
     * nothing if nothing was stopped.
     *
     * @param sparingDeploys whether a deploy under way prevents it
     * @param decided has the last word
     */
    synchronized Optional<List<Node>> stop(boolean sparingDeploys, BooleanSupplier decided) {
        if ((sparingDeploys && isDeploying()) || !decided.getAsBoolean()) {
            return Optional.empty();
        }
        stopped = true;
        List<Node> left = new ArrayList<>(ready);
        left.addAll(resting);
        left.addAll(withSlot);
        ready.clear();
        resting.clear();
        return Optional.of(left);
    }

    synchronized boolean isOver() {
        return open == 0;
    }

    /** Those that have ended so far. */
    synchronized List<Node> inOrderOfEnd() {
        return List.copyOf(inOrderOfEnd);
    }
}
