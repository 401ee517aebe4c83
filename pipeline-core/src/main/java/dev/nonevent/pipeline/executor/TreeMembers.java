package dev.nonevent.pipeline.executor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds what lives of a tree.
 *
 * @param leads whether the root was started as the leader of its own session and group
 */
record TreeMembers(long root, String started, String marker, boolean leads) {

    /**
     * While a tree is younger than this, pids cannot have gone round once: that takes 32,768 forks. Then whatever it
     * started lies between its root and the pid handed out last, and a short command need not pay for a look at every process.
     */
    static final Duration YOUNG = Duration.ofMillis(250);

    static List<ProcessTable.Entry> withMarker(String marker) {
        return ProcessTable.pids().stream()
                .filter(pid -> pid != ProcessHandle.current().pid() && carries(pid, marker))
                .flatMap(pid -> ProcessTable.entry(pid).stream())
                .toList();
    }

    List<ProcessTable.Entry> living(boolean young) {
        if (!ProcessTable.readable()) {
            return descendants();
        }
        boolean ours = leads && !rootPidWasGivenAway();
        List<ProcessTable.Entry> found = new ArrayList<>();
        List<Long> pids = ProcessTable.pids();
        // Asked after the list was made, so that nothing in the list can be younger.
        long last = ProcessTable.lastPid();
        boolean narrow = young && last >= root;
        for (long pid : pids) {
            if (pid != ProcessHandle.current().pid() && (!narrow || (pid >= root && pid <= last))) {
                ProcessTable.entry(pid).filter(entry -> belongs(entry, ours)).ifPresent(found::add);
            }
        }
        return found;
    }

    boolean rootLives() {
        return ProcessTable.entry(root).filter(this::isRoot).isPresent();
    }

    private boolean isRoot(ProcessTable.Entry entry) {
        return entry.pid() == root && entry.started().equals(started);
    }

    private boolean belongs(ProcessTable.Entry entry, boolean sessionIsOurs) {
        if (isRoot(entry)) {
            return true;
        }
        if (sessionIsOurs && (entry.session() == root || entry.group() == root)) {
            return true;
        }
        return !marker.isEmpty() && carries(entry.pid(), marker);
    }

    /** The system keeps a pid back while a session has its number; once the session is empty it is anybody's. */
    private boolean rootPidWasGivenAway() {
        return ProcessTable.entry(root).filter(entry -> !isRoot(entry)).isPresent();
    }

    private static boolean carries(long pid, String marker) {
        return ProcessTable.variable(pid, ProcessTree.VARIABLE)
                .filter(value -> value.equals(marker) || value.startsWith(marker + "/"))
                .isPresent();
    }

    private List<ProcessTable.Entry> descendants() {
        return ProcessTable.entry(root)
                .filter(this::isRoot)
                .flatMap(entry -> ProcessHandle.of(root))
                .map(handle -> Stream.concat(Stream.of(handle), handle.descendants())
                        .flatMap(each -> ProcessTable.entry(each.pid()).stream())
                        .toList())
                .orElse(List.of());
    }
}
