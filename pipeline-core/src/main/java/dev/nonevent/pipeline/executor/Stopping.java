package dev.nonevent.pipeline.executor;

import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Ends, once, a set of processes that may grow while it is being ended. For one thread. */
final class Stopping {

    private static final Duration KILLING = Duration.ofSeconds(5);

    private final TimeSource time;
    private final Supplier<List<ProcessTable.Entry>> members;
    private final long group;
    private boolean interrupted;

    /**
     * @param members what lives of it at the moment of asking
     * @param group the process group that is wholly ours, -1 if there is none
     */
    Stopping(TimeSource time, Supplier<List<ProcessTable.Entry>> members, long group) {
        this.time = time;
        this.members = members;
        this.group = group;
    }

    /** @return what is still alive */
    List<ProcessTable.Entry> stop(Duration grace) {
        interrupted = Thread.interrupted();
        try {
            boolean empty = !grace.isZero() && terminate(grace);
            return kill(empty ? 1 : 0);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The system says that our child is dead; the JDK learns its exit code a moment later. */
    void reap(Process child) {
        boolean kept = Thread.interrupted();
        try {
            child.waitFor(KILLING.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            kept = true;
        } finally {
            if (kept) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Asks each once; what was being forked while we asked is asked when it is seen.
     *
     * @return whether the last look found nothing
     */
    private boolean terminate(Duration grace) {
        long end = time.nanos() + grace.toNanos();
        List<ProcessTable.Entry> asked = new ArrayList<>();
        Pause pause = new Pause(time);
        for (List<ProcessTable.Entry> left = members.get(); !left.isEmpty(); left = members.get()) {
            List<ProcessTable.Entry> unasked = left.stream()
                    .filter(each -> asked.stream().noneMatch(each::isSameProcess))
                    .toList();
            signal(unasked, false);
            asked.addAll(unasked);
            if (time.nanos() - end >= 0) {
                return false;
            }
            rest(pause);
        }
        return true;
    }

    /** One look may miss what is being forked behind its back, so two in a row must find nothing. */
    private List<ProcessTable.Entry> kill(int emptyLooks) {
        long end = time.nanos() + KILLING.toNanos();
        Pause pause = new Pause(time);
        for (int empty = emptyLooks; ; ) {
            List<ProcessTable.Entry> left = members.get();
            if (left.isEmpty()) {
                empty++;
                if (empty == 2) {
                    return left;
                }
            } else {
                if (time.nanos() - end > 0) {
                    return left;
                }
                empty = 0;
                signal(left, true);
                rest(pause);
            }
        }
    }

    private void signal(List<ProcessTable.Entry> targets, boolean kill) {
        long grouped = targets.stream().filter(this::isGrouped).count();
        // The group as a whole, in one step: what forks meanwhile is hit too.
        boolean sent = grouped > 1 && signalGroup(kill ? "KILL" : "TERM");
        for (ProcessTable.Entry target : targets) {
            // Looked at once more: it may have left the group after we saw it there and before the group was hit.
            ProcessTable.entry(target.pid())
                    .filter(target::isSameProcess)
                    .filter(now -> !sent || !isGrouped(now))
                    .flatMap(now -> ProcessHandle.of(now.pid()))
                    .ifPresent(kill ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
        }
    }

    private boolean isGrouped(ProcessTable.Entry target) {
        return group > 0 && target.group() == group;
    }

    /** Java signals single processes only; this shell reads nothing but a name and a number of ours. */
    private boolean signalGroup(String signal) {
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -s \"$1\" -- \"-$2\"", "kill", signal, "" + group)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return kill.waitFor(KILLING.toNanos(), TimeUnit.NANOSECONDS) && kill.exitValue() == 0;
        } catch (InterruptedException e) {
            interrupted = true;
            return false;
        } catch (IOException e) {
            // No process can be started any more, perhaps because of this very tree: signal one by one.
            return false;
        }
    }

    /** An interrupt is kept for the end: half a stop would leave processes behind. */
    private void rest(Pause pause) {
        try {
            time.sleep(pause.next());
        } catch (InterruptedException e) {
            interrupted = true;
        }
    }
}
