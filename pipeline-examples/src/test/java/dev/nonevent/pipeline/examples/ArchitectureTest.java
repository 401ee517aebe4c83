package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.contract.ArchitectureContract;
import java.util.Set;

class ArchitectureTest extends ArchitectureContract {

    ArchitectureTest() {
        super("neighbours", "[examples] --> [the rest of core]", 1);
    }

    @Override
    protected Set<String> entrances() {
        return Set.of(
                "SceneProgram",
                "QuickStart",
                "ContainerDelivery",
                "RouterByHand",
                "ContainerByHand",
                "LinesByHand",
                "EngineByHand");
    }
}
