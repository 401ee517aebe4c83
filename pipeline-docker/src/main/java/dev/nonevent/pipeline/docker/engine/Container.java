package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.WaitResponse;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** One container, by its id. */
public final class Container {

    private static final Duration RESTART = Duration.ofSeconds(15);

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

    /** As {@link #attach}, and gives its main process what it reads, from a feed that is closed before the output. */
    public void converse(Feed input, Streamed<Frame> output) {
        engine.ask(
                "attaching to container " + shortId(),
                docker -> docker.attachContainerCmd(id)
                        .withStdIn(input)
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

    /** Whether somebody had the engine signal it, as a stop and the engine's own end do; asked when it has ended. */
    public boolean wasSignalled(InspectContainerResponse.ContainerState state) throws InterruptedException {
        return wasSignalled(state, 0);
    }

    /**
     * Whether somebody else did. An engine that does not remember the end was not there, or was started again, and may have
     * forgotten the signal as well.
     *
     * @param ours how often we did
     */
    public boolean wasSignalled(InspectContainerResponse.ContainerState state, int ours) throws InterruptedException {
        List<String> happened = happened(Instant.parse(String.valueOf(state.getFinishedAt())));
        return !happened.contains("die") || Collections.frequency(happened, "kill") > ours;
    }

    /** How often somebody had the engine signal it until now; takes a second. */
    public int timesSignalled() throws InterruptedException {
        String now = engine.ask(
                "asking for its time", docker -> docker.infoCmd().exec().getSystemTime());
        return Collections.frequency(happened(OffsetDateTime.parse(now).toInstant()), "kill");
    }

    /** Its signals and its ends. */
    private List<String> happened(Instant heard) throws InterruptedException {
        // The engine says that it signals only after the signal was heard, and on a busy machine some time after.
        Instant then = heard.plusSeconds(1);
        String until = then.getEpochSecond() + "." + String.format(Locale.ROOT, "%09d", then.getNano());
        List<Event> all = new CopyOnWriteArrayList<>();
        try (Streamed<Event> events = new Streamed<>(all::add)) {
            engine.ask(
                    "asking who signalled container " + shortId(),
                    docker -> docker.eventsCmd()
                            .withContainerFilter(id)
                            .withEventFilter("kill", "die")
                            .withSince("0")
                            .withUntil(until)
                            .exec(events));
            events.ended().get(Engine.ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw engine.explained("asking who signalled container " + shortId(), failed);
        } catch (TimeoutException late) {
            throw new InfrastructureException(
                    "the Docker engine at " + engine.address() + " did not say who signalled container " + shortId(),
                    late);
        }
        return all.stream().map(each -> String.valueOf(each.getAction())).toList();
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

    /**
     * Kills what is alive in it, and removes it with the volumes that are its own. An engine that is away is waited for
     * as long as its restart takes.
     */
    public void remove() {
        try (Waiting waiting = new Waiting(TimeSource.system(), RESTART)) {
            while (true) {
                try {
                    removeNow();
                    return;
                } catch (EngineRefusedException refused) {
                    throw left(refused);
                } catch (InfrastructureException away) {
                    if (waiting.isOver()) {
                        throw left(away);
                    }
                }
            }
        }
    }

    private void removeNow() {
        try {
            engine.tell(
                    "removing container " + shortId(),
                    docker -> docker.removeContainerCmd(id)
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        } catch (EngineRefusedException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
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
