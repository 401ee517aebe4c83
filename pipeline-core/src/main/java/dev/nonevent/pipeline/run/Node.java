package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.GateHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One stage or gate of one run. */
final class Node {

    final Declaration declaration;
    final String slug;
    final List<Node> before = new ArrayList<>();
    final List<Node> dependents = new ArrayList<>();

    /** What stops it: one for each time it is carried on. */
    volatile Leash leash = new Leash();

    private final AtomicBoolean taken = new AtomicBoolean();

    /** Its way so far, once it has had a turn; belongs to whoever has taken the node. */
    @Nullable
    Course course;

    /** All that what it makes depends on; known once its turn has come. */
    volatile Map<String, String> parts = Map.of();

    /** Whether it was carried out in this process; false of what was skipped, and of what was made before. */
    volatile boolean begun;

    /** The record of the journal that says how it ended, when it was carried out last; 0 if it was not. */
    volatile long record;

    /** A digest of its value, if that can be told from others. */
    volatile Optional<String> digest = Optional.empty();

    /** Guarded by the lock of the schedule. */
    int waitsFor;

    /** Written once, before the dependents are told; they read it after the schedule handed them out. */
    volatile @Nullable Ending ending;

    Node(Declaration declaration, String slug) {
        this.declaration = declaration;
        this.slug = slug;
    }

    String name() {
        return declaration.name();
    }

    boolean isGate() {
        return declaration.handle() instanceof GateHandle;
    }

    /** True for exactly one caller: the thread that carries the node out, or the one that skips it. */
    boolean take() {
        return taken.compareAndSet(false, true);
    }

    /** It waits for another turn, and may be taken again. */
    void release() {
        taken.set(false);
    }

    Ending ended() {
        Ending end = ending;
        if (end == null) {
            throw new IllegalStateException(name() + " has not ended");
        }
        return end;
    }
}
