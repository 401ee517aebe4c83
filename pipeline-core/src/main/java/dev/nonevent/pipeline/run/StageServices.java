package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The services one stage has named, to the code of that stage. Belongs to the thread the stage runs on. */
final class StageServices {

    private final Node node;
    private final List<SharedService> named;
    private final CommandExecutor executor;
    private final Map<Service, RunningService> ready = new LinkedHashMap<>();

    StageServices(Node node, List<SharedService> named, CommandExecutor executor) {
        this.node = node;
        this.named = named;
        this.executor = executor;
    }

    /** Sees to it that all of them are there, one after the other. */
    void awaitReady() throws InterruptedException {
        for (SharedService service : named) {
            ready.put(service.service(), service.ready(node));
        }
    }

    List<RunningService> ready() {
        return List.copyOf(ready.values());
    }

    /** Where the stage's commands reach it. */
    ServiceAddress address(Service service) {
        RunningService running = ready.get(service);
        if (running != null) {
            return executor.addressOf(running);
        }
        boolean isNamed = named.stream().anyMatch(each -> each.service().equals(service));
        throw new IllegalStateException("stage \"" + node.name() + "\" "
                + (isNamed
                        ? "has no service " + service.name() + ": it was not ready"
                        : "has not named the service " + service.name()
                                + ": say .service(…) where it is declared, with that very object"));
    }

    /** Tells what they said last, because the stage went wrong. */
    void tell() {
        named.stream().filter(service -> ready.containsKey(service.service())).forEach(service -> service.tell(node));
    }
}
