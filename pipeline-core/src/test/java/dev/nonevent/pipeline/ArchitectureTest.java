package dev.nonevent.pipeline;

import dev.nonevent.pipeline.contract.ArchitectureContract;
import java.util.Set;

class ArchitectureTest extends ArchitectureContract {

    ArchitectureTest() {
        super("core", "[definition] --> [work]", 60);
    }

    @Override
    protected Set<String> workingRooms() {
        return Set.of(
                "dev.nonevent.pipeline.executor",
                "dev.nonevent.pipeline.forge",
                "dev.nonevent.pipeline.gate",
                "dev.nonevent.pipeline.journal",
                "dev.nonevent.pipeline.plan",
                "dev.nonevent.pipeline.run");
    }

    @Override
    protected Set<String> innerRooms() {
        return Set.of("dev.nonevent.pipeline.post", "dev.nonevent.pipeline.text");
    }

    @Override
    protected Set<String> entrances() {
        return Set.of("PipelineMain", "Departure");
    }
}
