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
    private final Supplier<Look> looks;
    private final long group;
    private boolean interrupted;

    /**
     * @param looks what lives of it at the moment of asking
     * @param group the process group that is wholly ours, -1 if there is none
     */
    Stopping(TimeSource time, Supplier<Look> looks, long group) {
        this.time = time;
        this.looks = looks;
        this.group = group;
    }

    /** @return the last look: clear, or what is and what may be still alive */
    Look stop(Duration grace) {
        interrupted = Thread.interrupted();
        try {
            boolean clear = !grace.isZero() && terminate(grace);
            return kill(clear ? 1 : 0);
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
     * Asks each once; what was being forked while we asked is asked when it is seen, and what has become another program is
     * asked again: a signal that the one before caught is lost to it. Of whom we do not know whether it
     * belongs is never asked, only looked at again.
     *
     * @return whether the last look found nothing
     */
    private boolean terminate(Duration grace) {
        long end = time.nanos() + grace.toNanos();
        List<ProcessTable.Entry> asked = new ArrayList<>();
        Pause pause = new Pause(time);
        for (Look look = looks.get(); !look.isClear(); look = looks.get()) {
            List<ProcessTable.Entry> unasked = look.members().stream()
                    .filter(each -> asked.stream().noneMatch(each::runsTheSame))
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

    /** Pids may go round in the middle of one look, so two in a row must find nothing. */
    private Look kill(int clearLooks) {
        long end = time.nanos() + KILLING.toNanos();
        Pause pause = new Pause(time);
        for (int clear = clearLooks; ; ) {
            Look look = looks.get();
            if (look.isClear()) {
                clear++;
                if (clear == 2) {
                    return look;
                }
            } else {
                if (time.nanos() - end > 0) {
                    return look;
                }
                clear = 0;
                signal(look.members(), true);
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
            ProcessTable.system()
                    .entry(target.pid())
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
