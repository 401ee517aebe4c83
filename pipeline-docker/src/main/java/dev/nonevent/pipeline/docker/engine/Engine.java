package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one Docker engine, for as long as one piece of work needs it. Whatever goes wrong with it comes out as
 * an {@link InfrastructureException} whose sentence names the engine.
 */
public final class Engine implements AutoCloseable {

    /** A question the engine answers from what it has; one that takes longer than this is hung. */
    public static final Duration ANSWER = Duration.ofSeconds(60);

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final EngineSettings settings;
    private final ApacheDockerHttpClient transport;
    private @Nullable DockerClient client;

    private Engine(EngineSettings settings, ApacheDockerHttpClient transport) {
        this.settings = settings;
        this.transport = transport;
    }

    /**
     * Opens no connection yet. Which engine is decided as the docker command does.
     *
     * @param address goes before DOCKER_HOST, DOCKER_CONTEXT, {@code docker context use} and the usual socket
     */
    public static Engine at(Optional<URI> address) {
        return at(EngineSettings.of(address, System.getenv(), Path.of(System.getProperty("user.home"))));
    }

    static Engine at(EngineSettings settings) {
        // The number of connections stays unlimited: each followed stream holds one, and a full pool hangs the rest.
        ApacheDockerHttpClient.Builder transport =
                new ApacheDockerHttpClient.Builder().dockerHost(settings.host()).connectionTimeout(CONNECT);
        // The verification of the host name is the transport's default.
        settings.tls().map(TlsFiles::context).ifPresent(context -> transport.sslConfig(() -> context));
        return new Engine(settings, transport.build());
    }

    /** The first question settles the version of the interface; an engine that did not answer may do so the next time. */
    private synchronized DockerClient client() {
        if (client == null) {
            client = new Negotiation(settings).agree(transport);
        }
        return client;
    }

    /** Who this user is to registries. */
    public RegistryLogins logins() {
        return settings.logins();
    }

    public URI address() {
        return settings.host();
    }

    /**
     * Asks and waits for the answer. An interrupt does not cut it short, because half a creation leaves a container
     * nobody knows; the deadline does.
     *
     * @param doing the sentence's middle: {@code removing container 4f…}
     * @throws EngineRefusedException if the engine answered with an error
     */
    public <T> T ask(String doing, Function<? super DockerClient, ? extends T> question) {
        FutureTask<T> answer = new FutureTask<>(() -> question.apply(client()));
        // A thread per question: over TCP a blocked call hears neither an interrupt nor a timeout.
        Thread asking = new Thread(answer, "nonevent-docker-question");
        asking.setDaemon(true);
        asking.start();
        try {
            return Objects.requireNonNull(Uninterruptibles.getUninterruptibly(answer, settings.answer()), doing);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new InfrastructureException(hung(doing), late);
        } catch (ExecutionException failed) {
            throw explained(doing, failed);
        }
    }

    /** As {@link #ask}, where there is nothing to answer. */
    public void tell(String doing, Consumer<? super DockerClient> order) {
        ask(doing, docker -> {
            order.accept(docker);
            return true;
        });
    }

    public InfrastructureException explained(String doing, Throwable thrown) {
        Throwable failure =
                thrown instanceof ExecutionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (failure instanceof InfrastructureException known) {
            return known;
        }
        if (failure instanceof DockerException refused) {
            return new EngineRefusedException(doing, refused);
        }
        return new InfrastructureException(
                new Unreachable(address(), failure, doing)
                        .sentence()
                        .orElseGet(() -> "talking to the Docker engine at " + address() + " failed while " + doing
                                + ": " + Unreachable.said(failure)),
                failure);
    }

    private String hung(String doing) {
        return "the Docker engine at " + address() + " did not answer within "
                + settings.answer().toSeconds() + " s while " + doing
                + ": it hangs or is overloaded, see its log, and restart it if it stays so";
    }

    @Override
    public void close() {
        try {
            transport.close();
        } catch (IOException e) {
            throw new InfrastructureException("the connection to " + address() + " could not be closed", e);
        }
    }
}
