package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.contract.ArchitectureContract;

class ArchitectureTest extends ArchitectureContract {

    ArchitectureTest() {
        super("neighbours", "[traffic] --> [slot]", 8);
    }
}
