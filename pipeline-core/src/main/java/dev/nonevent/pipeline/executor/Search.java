package dev.nonevent.pipeline.executor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One look at all processes, such that a tree which keeps forking and exiting cannot slip through.
 *
 * <p>The system's list is no snapshot: a process that was listed may fork and end before it is read. Whatever it left is
 * then in the next list. So the list is made again, and its new processes are read, until none of them was gone: a list
 * goes up the pids and children are above their parents, hence each list holds some living process of a living tree.
 * (That a pid goes round in the middle of a list is why a stop wants two clear looks.) For one look by one thread.
 */
final class Search {

    private static final int MOST_LISTS = 16;

    private final ProcessTable table;
    private final long since;
    private final Supplier<PidWindow.Pids> possible;
    private final Function<ProcessTable.Entry, ProcessTable.Mark> mark;
    private final boolean hiddenCounts;
    private final Set<Long> seen = new HashSet<>(Set.of(ProcessHandle.current().pid()));
    private final List<ProcessTable.Entry> members = new ArrayList<>();
    private final List<ProcessTable.Entry> unknown = new ArrayList<>();
    private final List<ProcessTable.Entry> hidden = new ArrayList<>();

    /**
     * @param since what was started earlier, in ticks since boot, does not belong
     * @param possible which pids can belong, of all that were given away up to the moment it is asked
     * @param hiddenCounts whether a process of our user may belong although it hides its memory for ever
     */
    Search(
            ProcessTable table,
            long since,
            Supplier<PidWindow.Pids> possible,
            Function<ProcessTable.Entry, ProcessTable.Mark> mark,
            boolean hiddenCounts) {
        this.table = table;
        this.since = since;
        this.possible = possible;
        this.mark = mark;
        this.hiddenCounts = hiddenCounts;
    }

    Look look() {
        List<ProcessTable.Entry> gone = list();
        for (int lists = 1; !gone.isEmpty() && lists < MOST_LISTS; lists++) {
            gone = list();
        }
        unknown.addAll(gone);
        if (hiddenCounts && !hidden.isEmpty()) {
            addOrphans();
        }
        return new Look(List.copyOf(members), List.copyOf(unknown));
    }

    /** @return what was on the list for the first time and had ended when it was read */
    private List<ProcessTable.Entry> list() {
        Optional<List<Long>> pids = table.pids();
        if (pids.isEmpty()) {
            unknown.add(ProcessTable.Entry.unseen(0));
            return List.of();
        }
        // Asked after the list was made: it holds for all that is on it.
        PidWindow.Pids mayBelong = possible.get();
        List<ProcessTable.Entry> gone = new ArrayList<>();
        for (long pid : pids.get()) {
            if (mayBelong.contain(pid) && seen.add(pid)) {
                Optional<ProcessTable.Entry> entry = table.sight(pid);
                if (entry.isPresent() && !entry.get().memory().dead()) {
                    sort(entry.get());
                } else {
                    gone.add(ProcessTable.Entry.unseen(pid));
                }
            }
        }
        return gone;
    }

    private void sort(ProcessTable.Entry entry) {
        boolean older = entry.ticks() > 0 && entry.ticks() < since;
        if (!older) {
            switch (mark.apply(entry)) {
                case THERE -> members.add(entry);
                case UNKNOWN -> unknown.add(entry);
                case HIDDEN -> hidden.add(entry);
                case ABSENT -> {}
            }
        }
    }

    /**
     * What hides its memory tells by its parent what it is. An orphan does not: orphans are taken over by process 1 or by
     * an ancestor of ours.
     */
    private void addOrphans() {
        Set<Long> ancestors = new HashSet<>(Set.of(1L));
        Stream.iterate(
                        Optional.of(ProcessHandle.current()),
                        Optional::isPresent,
                        each -> each.get().parent())
                .forEach(each -> ancestors.add(each.get().pid()));
        for (ProcessTable.Entry entry : hidden) {
            long parent = entry.memory().parent();
            boolean related = Stream.concat(members.stream(), unknown.stream()).anyMatch(each -> each.pid() == parent);
            if ((related || ancestors.contains(parent)) && table.isOfOurUser(entry.pid())) {
                unknown.add(entry);
            }
        }
    }
}
