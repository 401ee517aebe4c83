package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.contract.ArchitectureContract;
import java.util.Set;

class ArchitectureTest extends ArchitectureContract {

    ArchitectureTest() {
        super("neighbours", "[traffic] --> [slot]", 8);
    }

    @Override
    protected Set<String> innerRooms() {
        return Set.of("dev.nonevent.pipeline.bluegreen.ledger");
    }
}
