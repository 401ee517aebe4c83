package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.WaitResponse;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.function.Function;

/** One container, by its id. */
public final class Container {

    private final Engine engine;
    private final String id;

    public Container(Engine engine, String id) {
        this.engine = engine;
        this.id = id;
    }

    public Engine engine() {
        return engine;
    }

    /** The first twelve digits, as {@code docker ps} shows it. */
    public String shortId() {
        return id.substring(0, Math.min(12, id.length()));
    }

    /** Takes its output from here on; to miss nothing, before it is started. */
    public void attach(Streamed<Frame> output) {
        engine.ask(
                "attaching to container " + shortId(),
                docker -> docker.attachContainerCmd(id)
                        .withStdOut(true)
                        .withStdErr(true)
                        .withFollowStream(true)
                        .exec(output));
    }

    public void start() {
        engine.tell(
                "starting container " + shortId(),
                docker -> docker.startContainerCmd(id).exec());
    }

    /** One item when it has exited; none if the engine went away before. */
    public void awaitExit(Streamed<WaitResponse> exit) {
        engine.ask(
                "waiting for container " + shortId(),
                docker -> docker.waitContainerCmd(id).exec(exit));
    }

    public InspectContainerResponse.ContainerState state() {
        return engine.ask(
                        "asking how container " + shortId() + " ended",
                        docker -> docker.inspectContainerCmd(id).exec())
                .getState();
    }

    /** Signals its main process, through its init; too late is fine. */
    public void signal(String name) {
        try {
            engine.tell(
                    "sending SIG" + name + " to container " + shortId(),
                    docker -> docker.killContainerCmd(id).withSignal(name).exec());
        } catch (EngineRefusedException refused) {
            if (!refused.isConflict() && !refused.isNotFound()) {
                throw refused;
            }
        }
    }

    /** Kills what is alive in it, and removes it with the volumes that are its own. */
    public void remove() {
        try {
            engine.tell(
                    "removing container " + shortId(),
                    docker -> docker.removeContainerCmd(id)
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        } catch (EngineRefusedException refused) {
            if (!refused.isNotFound()) {
                throw left(refused);
            }
        } catch (InfrastructureException e) {
            throw left(e);
        }
    }

    /** Removes it because of a failure; if that fails too, the sentence says both. */
    public <X extends Throwable> X removedAfter(X failure, Function<? super String, ? extends X> worse) {
        try {
            remove();
            return failure;
        } catch (InfrastructureException e) {
            X both = worse.apply(e.getMessage() + "; before that: " + failure.getMessage());
            both.addSuppressed(failure);
            return both;
        }
    }

    private InfrastructureException left(InfrastructureException why) {
        return new InfrastructureException(
                "container " + shortId() + " may still be running, remove it with docker rm -f " + shortId() + ": "
                        + why.getMessage(),
                why);
    }
}
