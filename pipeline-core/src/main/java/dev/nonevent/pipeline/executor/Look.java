package dev.nonevent.pipeline.executor;

import java.util.List;
import java.util.stream.Stream;

/**
 * What one look at the processes of this machine has found of a tree.
 *
 * @param members what certainly belongs to it and lives
 * @param unknown what may belong to it: it could not be read, or was gone before it was read and may have left a child
 */
record Look(List<ProcessTable.Entry> members, List<ProcessTable.Entry> unknown) {

    /** Nothing of the tree lives. Not to know is not that. */
    boolean isClear() {
        return members.isEmpty() && unknown.isEmpty();
    }

    /** Members first. */
    List<ProcessTree.Member> survivors() {
        return Stream.concat(
                        members.stream().map(entry -> ProcessTree.Member.of(entry, true)),
                        unknown.stream().map(entry -> ProcessTree.Member.of(entry, false)))
                .toList();
    }
}
