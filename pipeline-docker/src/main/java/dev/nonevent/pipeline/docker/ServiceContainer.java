package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Frame;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.Streamed;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.ServiceAddress;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The container of one service, from its start to nothing left. */
final class ServiceContainer implements RunningService {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Container container;
    private final String id;
    private final Recipe recipe;
    private final RunNetworks networks;
    private final String network;
    private final CommandOutput output;
    private final Optional<Occurrences> announcement;
    private final Streamed<Frame> frames = new Streamed<>(this::take);
    private final AtomicBoolean closed = new AtomicBoolean();

    // Guarded by this.
    private boolean silent;

    /** Written once, before anybody else knows this object. */
    private @Nullable ServiceAddress address;

    ServiceContainer(
            Container container, String id, Recipe recipe, RunNetworks networks, String network, CommandOutput output) {
        this.container = container;
        this.id = id;
        this.recipe = recipe;
        this.networks = networks;
        this.network = network;
        this.output = output;
        this.announcement = recipe.readiness
                .filter(Readiness.Said.class::isInstance)
                .map(Readiness.Said.class::cast)
                .map(said -> new Occurrences(said.text(), said.times()));
    }

    /** Starts it and waits until it is ready; if this throws, the caller closes it. */
    void start(TimeSource time) throws InterruptedException {
        container.attach(frames);
        awaitAnswer(frames.begun());
        long begun = time.nanos();
        container.start();
        Glance glance = glance();
        Readiness readiness = readiness(glance);
        Optional<String> missing = missing(readiness, glance);
        while (missing.isPresent()) {
            if (time.nanos() - begun > recipe.within.toNanos()) {
                throw new InfrastructureException(
                        recipe.image + " was not ready within " + seconds(recipe.within) + " s: " + missing.get());
            }
            time.sleep(BETWEEN_LOOKS);
            glance = glance();
            missing = missing(readiness, glance);
        }
        address = published(glance);
    }

    /** The network on which commands in containers reach it. */
    String network() {
        return network;
    }

    Engine engine() {
        return container.engine();
    }

    /** Where commands in containers reach it. */
    ServiceAddress inside() {
        return ServiceAddress.of(recipe.name, recipe.ports);
    }

    @Override
    public ServiceAddress address() {
        if (address == null) {
            throw new IllegalStateException("service " + recipe.name + " is not ready");
        }
        return address;
    }

    @Override
    public Optional<String> ended() {
        if (closed.get()) {
            return Optional.empty();
        }
        try {
            Glance glance = glance();
            return glance.isRunning() ? Optional.empty() : Optional.of(glance.end(recipe));
        } catch (EngineRefusedException refused) {
            if (refused.isNotFound()) {
                return Optional.of("is gone: somebody has removed its container");
            }
            throw refused;
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Engine engine = container.engine();
        // Resources are closed in the reverse order: each is tried whatever became of those before.
        try (engine;
                AutoClosing leaving = () -> networks.leave(engine);
                AutoClosing silence = this::silence) {
            container.remove();
        }
    }

    /** An end that throws only what nobody has to declare. */
    private interface AutoClosing extends AutoCloseable {
        @Override
        void close();
    }

    private Readiness readiness(Glance glance) {
        if (recipe.readiness.isPresent()) {
            return recipe.readiness.get();
        } else if (glance.health() != null) {
            return new Readiness.Healthy(List.of());
        } else if (!recipe.ports.isEmpty()) {
            return new Readiness.Listening(recipe.ports.get(0));
        }
        throw new InfrastructureException("nobody has said when " + recipe.image
                + " is ready: its image has no HEALTHCHECK, and it has no port; say port(…) or readyWhenLog(…)");
    }

    private Optional<String> missing(Readiness readiness, Glance glance) throws InterruptedException {
        if (!glance.isRunning()) {
            throw new InfrastructureException(recipe.image + " " + glance.end(recipe) + " before it was ready");
        }
        return readiness.missing(glance);
    }

    private Glance glance() {
        InspectContainerResponse inspected = container
                .engine()
                .ask(
                        "looking at service " + recipe.name,
                        docker -> docker.inspectContainerCmd(id).exec());
        return new Glance(inspected, announcement.map(Occurrences::isFound).orElse(false));
    }

    private ServiceAddress published(Glance glance) {
        Map<Integer, Integer> ports = new LinkedHashMap<>();
        recipe.ports.forEach(port -> ports.put(port, glance.published(port).getPort()));
        return new ServiceAddress("127.0.0.1", ports);
    }

    private void awaitAnswer(CompletableFuture<Void> answer) throws InterruptedException {
        try {
            answer.get(Engine.ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw container.engine().explained("taking the output of service " + recipe.name, e);
        }
    }

    private synchronized void take(Frame frame) {
        if (!silent) {
            // docker-java hands out its own buffer and fills it again.
            byte[] bytes = frame.getPayload().clone();
            output.write(bytes);
            announcement.ifPresent(each -> each.write(bytes));
        }
    }

    /** Its container is gone: what is under way arrives now, and nothing afterwards. */
    private void silence() {
        try (frames) {
            Uninterruptibles.getUninterruptibly(frames.ended(), LAST_WORDS);
        } catch (ExecutionException | TimeoutException cutOff) {
            // Some of its last words are lost; whoever ends a service does not wait for them any longer.
        }
        synchronized (this) {
            silent = true;
        }
    }

    private static String seconds(Duration duration) {
        return duration.toMillisPart() == 0
                ? String.valueOf(duration.toSeconds())
                : String.valueOf(duration.toMillis() / 1000.0);
    }
}
