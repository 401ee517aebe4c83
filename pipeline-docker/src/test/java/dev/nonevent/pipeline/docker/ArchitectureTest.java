package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.contract.ArchitectureContract;
import java.util.Set;

class ArchitectureTest extends ArchitectureContract {

    ArchitectureTest() {
        super("neighbours", "[docker] --> [words]", 10);
    }

    @Override
    protected Set<String> workingRooms() {
        return Set.of("dev.nonevent.pipeline.docker");
    }

    @Override
    protected Set<String> innerRooms() {
        return Set.of(
                "dev.nonevent.pipeline.docker.engine",
                "dev.nonevent.pipeline.docker.inside",
                "dev.nonevent.pipeline.docker.instance");
    }
}
