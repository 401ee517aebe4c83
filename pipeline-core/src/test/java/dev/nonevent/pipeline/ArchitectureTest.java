package dev.nonevent.pipeline;

import dev.nonevent.pipeline.contract.ArchitectureContract;

class ArchitectureTest extends ArchitectureContract {

    ArchitectureTest() {
        super("core", "[definition] --> [work]", 60);
    }
}
