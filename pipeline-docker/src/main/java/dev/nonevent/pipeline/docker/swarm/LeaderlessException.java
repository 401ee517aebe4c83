package dev.nonevent.pipeline.docker.swarm;

import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.URI;

/** Too few managers of a swarm reach each other, for now or for longer. */
final class LeaderlessException extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    LeaderlessException(String doing, URI address, EngineRefusedException answer) {
        super(
                "the swarm of the Docker engine at " + address
                        + " has no leader, and so it is unknown what runs in it ("
                        + doing + ": " + answer.reason()
                        + "): more than half of its managers must be up and reach each other",
                answer);
    }
}
