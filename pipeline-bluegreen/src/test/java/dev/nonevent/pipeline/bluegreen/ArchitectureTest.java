package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.contract.ArchitectureContract;
import java.util.Set;

class ArchitectureTest extends ArchitectureContract {

    ArchitectureTest() {
        super("neighbours", "[traffic] --> [slot]", 8);
    }

    @Override
    protected Set<String> innerRooms() {
        return Set.of(
                "dev.nonevent.pipeline.bluegreen.ledger",
                "dev.nonevent.pipeline.bluegreen.protocol",
                "dev.nonevent.pipeline.bluegreen.proxy",
                "dev.nonevent.pipeline.bluegreen.router.daemon",
                "dev.nonevent.pipeline.bluegreen.router.http",
                "dev.nonevent.pipeline.bluegreen.router.switchboard",
                "dev.nonevent.pipeline.bluegreen.router.watch");
    }

    @Override
    protected Set<String> entrances() {
        return Set.of("RouterDaemon");
    }

    @Override
    protected Set<String> workingRooms() {
        return Set.of("dev.nonevent.pipeline.bluegreen.router.http");
    }
}
