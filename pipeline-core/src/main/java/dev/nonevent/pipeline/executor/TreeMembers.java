package dev.nonevent.pipeline.executor;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds what lives of a tree.
 *
 * @param leads whether the root was started as the leader of its own session and group
 * @param window opened before the root was started
 */
record TreeMembers(ProcessTable table, long root, String started, String marker, boolean leads, PidWindow window) {

    /** All processes with the marker, whoever started them. */
    static Look withMarker(ProcessTable table, String marker) {
        return new Search(
                        table,
                        0,
                        () -> PidWindow.Pids.ANY,
                        entry -> table.mark(entry, ProcessTree.VARIABLE, marker),
                        false)
                .look();
    }

    Look look() {
        if (!table.readable()) {
            return new Look(descendants(), List.of());
        }
        boolean ours = leads && !rootPidWasGivenAway();
        return new Search(table, since(), () -> window.since(root), entry -> mark(entry, ours), true).look();
    }

    boolean rootLives() {
        return table.entry(root).filter(this::isRoot).isPresent();
    }

    private boolean isRoot(ProcessTable.Entry entry) {
        return entry.pid() == root && entry.started().equals(started);
    }

    /** A root that ended before it was looked at is at least no older than this JVM, which started it. */
    private long since() {
        Optional<ProcessTable.Entry> self = table.entry(ProcessHandle.current().pid());
        return started.equals(ProcessTable.Entry.unseen(root).started())
                ? self.map(ProcessTable.Entry::ticks).orElse(0L)
                : Long.parseLong(started.substring(0, started.indexOf('.')));
    }

    private ProcessTable.Mark mark(ProcessTable.Entry entry, boolean sessionIsOurs) {
        if (isRoot(entry) || (sessionIsOurs && (entry.session() == root || entry.group() == root))) {
            return ProcessTable.Mark.THERE;
        }
        return marker.isEmpty() ? ProcessTable.Mark.ABSENT : table.mark(entry, ProcessTree.VARIABLE, marker);
    }

    /** The system keeps a pid back while a session has its number; once the session is empty it is anybody's. */
    private boolean rootPidWasGivenAway() {
        return table.entry(root).filter(entry -> !isRoot(entry)).isPresent();
    }

    private List<ProcessTable.Entry> descendants() {
        return table.entry(root)
                .filter(this::isRoot)
                .flatMap(entry -> ProcessHandle.of(root))
                .map(handle -> Stream.concat(Stream.of(handle), handle.descendants())
                        .flatMap(each -> table.entry(each.pid()).stream())
                        .toList())
                .orElse(List.of());
    }
}
