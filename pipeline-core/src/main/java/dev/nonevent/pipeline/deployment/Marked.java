package dev.nonevent.pipeline.deployment;

import dev.nonevent.pipeline.executor.ProcessTree;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Processes found by their mark alone. */
final class Marked {

    private Marked() {}

    /** Those that were started with the mark or one below it, without what they have started themselves. */
    static List<ProcessTree> processes(String mark) {
        List<ProcessTree.Member> members = ProcessTree.withMarker(mark);
        Set<Long> pids = members.stream().map(ProcessTree.Member::pid).collect(Collectors.toUnmodifiableSet());
        return members.stream()
                .filter(member -> ProcessHandle.of(member.pid())
                        .flatMap(ProcessHandle::parent)
                        .filter(parent -> pids.contains(parent.pid()))
                        .isEmpty())
                .map(member -> ProcessTree.find(member.identity()))
                .flatMap(Optional::stream)
                .filter(tree -> tree.marker().startsWith(mark))
                .toList();
    }
}
