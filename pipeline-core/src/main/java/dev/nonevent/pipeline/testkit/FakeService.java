package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceAddress;
import dev.nonevent.pipeline.executor.ServiceGroup;
import java.util.List;
import java.util.Optional;

/** A service that is ready at once, is reached by its name, and does nothing: no command is carried out that would ask it. */
record FakeService(String name, String description, List<Integer> ports) implements Service {

    static FakeService of(Service service) {
        return new FakeService(service.name(), service.description(), service.ports());
    }

    @Override
    public RunningService start(ServiceGroup group, CommandOutput output) {
        return new RunningService() {
            @Override
            public ServiceAddress address() {
                return ServiceAddress.of(name, ports);
            }

            @Override
            public Optional<String> ended() {
                return Optional.empty();
            }

            @Override
            public void close() {
                // Nothing was started.
            }
        };
    }
}
