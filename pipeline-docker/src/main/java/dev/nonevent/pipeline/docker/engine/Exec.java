package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.model.Frame;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.OptionalInt;

/** A program beside the main process of a running container. The engine forgets it with its own restart. */
public final class Exec {

    private final Engine engine;
    private final String container;
    private final String id;

    Exec(Engine engine, String container, String id) {
        this.engine = engine;
        this.container = container;
        this.id = id;
    }

    /** Starts it and takes its output, of which nothing is missed. */
    public void start(Streamed<Frame> output) {
        engine.ask(
                "starting a program in container " + container,
                docker ->
                        docker.execStartCmd(id).withDetach(false).withTty(false).exec(output));
    }

    /** Empty while it runs. */
    public OptionalInt exitCode() {
        InspectExecResponse record;
        try {
            record = engine.ask(
                    "asking how a program in container " + container + " ended",
                    docker -> docker.inspectExecCmd(id).exec());
        } catch (EngineRefusedException refused) {
            if (refused.isNotFound()) {
                throw new InfrastructureException(
                        "the Docker engine at " + engine.address() + " was restarted, or container " + container
                                + " was removed, under a program that ran in it: how that ended is unknown",
                        refused);
            }
            throw refused;
        }
        Long exitCode = record.getExitCodeLong();
        return Boolean.TRUE.equals(record.isRunning()) || exitCode == null
                ? OptionalInt.empty()
                : OptionalInt.of(Math.toIntExact(exitCode));
    }
}
