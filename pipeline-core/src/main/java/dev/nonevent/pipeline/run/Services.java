package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The services of one run. Safe for use by several threads. */
final class Services {

    private final Map<Service, SharedService> all = new LinkedHashMap<>();

    /** @param nodes all there are: who uses what is known before anything runs */
    Services(List<Node> nodes, Shared shared) {
        ServiceGroup group = new ServiceGroup(shared.folder().id().value());
        for (Node node : nodes) {
            for (Service service : node.declaration.options().services()) {
                all.computeIfAbsent(service, first -> new SharedService(first, group, shared))
                        .add(node);
            }
        }
    }

    /** Those the node has named, in that order. */
    List<SharedService> of(Node node) {
        return node.declaration.options().services().stream()
                .map(service -> {
                    SharedService shared = all.get(service);
                    if (shared == null) {
                        throw new IllegalArgumentException(node.name() + " is not of this run");
                    }
                    return shared;
                })
                .toList();
    }

    /** The node needs them no more; those nobody else needs are ended, beside what goes on. */
    void ended(Node node) {
        of(node).forEach(service -> service.without(node));
    }

    /** Waits, once every node has ended, until all of them have. */
    void awaitEnd() {
        all.values().forEach(SharedService::awaitEnd);
    }
}
