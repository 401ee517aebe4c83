package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.Reach;
import dev.nonevent.pipeline.docker.instance.Mark;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.util.ArrayList;
import java.util.List;

/**
 * One deployment's containers, one after the other, each found where somebody who died has left it: so what was begun is
 * completed, and nothing is there twice. If the engine refuses one, those that were started here before it are removed; if the
 * engine is gone, they stay, and whoever comes next goes on with them or removes them. For one thread.
 */
final class InstanceStart {

    private final Engine engine;
    private final Mark mark;
    private final String deployment;
    private final Blueprint blueprint;
    private final HostPorts ports;
    private final TimeSource time;

    InstanceStart(Engine engine, Mark mark, String deployment, Blueprint blueprint, HostPorts ports, TimeSource time) {
        this.engine = engine;
        this.mark = mark;
        this.deployment = deployment;
        this.blueprint = blueprint;
        this.ports = ports;
        this.time = time;
    }

    Instance run() throws InterruptedException {
        int replicas = new InstanceContainer(blueprint).replicas();
        List<Life> lives = new ArrayList<>();
        List<Life> startedHere = new ArrayList<>();
        for (int number = 1; number <= replicas; number++) {
            ReplicaStart start = new ReplicaStart(engine, mark, deployment, number, blueprint, ports, time);
            try {
                lives.add(start.run());
            } catch (InfrastructureException failure) {
                throw Reach.isOutOfReach(failure) ? failure : removed(startedHere, failure);
            }
            if (start.startedIt()) {
                startedHere.add(lives.get(lives.size() - 1));
            }
        }
        return Lives.whole(lives);
    }

    private InfrastructureException removed(List<Life> started, InfrastructureException failure) {
        InfrastructureException said = failure;
        for (Life life : started) {
            said = new Container(engine, life.container()).removedAfter(said, InfrastructureException::new);
        }
        return said;
    }
}
