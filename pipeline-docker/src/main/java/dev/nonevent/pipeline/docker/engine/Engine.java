package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A connection to one Docker engine, for as long as one piece of work needs it. Whatever goes wrong with it comes out as
 * an {@link InfrastructureException} whose sentence names the engine.
 */
public final class Engine implements AutoCloseable {

    /** A question the engine answers from what it has; one that takes longer than this is hung. */
    public static final Duration ANSWER = Duration.ofSeconds(60);

    private static final String A_WAY_TO_REMOTE_ENGINES =
            "ssh -L /tmp/docker.sock:/var/run/docker.sock brings a remote engine's socket here";
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final URI address;
    private final DockerClient client;

    private Engine(URI address, DockerClient client) {
        this.address = address;
        this.client = client;
    }

    /** Opens no connection yet. Without an address: DOCKER_HOST, the current context, or the usual socket. */
    public static Engine at(Optional<URI> address) {
        DockerClientConfig config = configFor(address);
        URI host = config.getDockerHost();
        if (!"unix".equals(host.getScheme()) && !"tcp".equals(host.getScheme())) {
            throw new InfrastructureException(
                    "a Docker engine is reached by unix:// or tcp://, not by " + host + ": " + A_WAY_TO_REMOTE_ENGINES);
        }
        if ("tcp".equals(host.getScheme()) && config.getSSLConfig() != null) {
            throw new InfrastructureException(
                    "the Docker engine at " + host + " wants TLS, which is not supported: " + A_WAY_TO_REMOTE_ENGINES);
        }
        // The number of connections stays unlimited: each followed stream holds one, and a full pool hangs the rest.
        ApacheDockerHttpClient transport = new ApacheDockerHttpClient.Builder()
                .dockerHost(host)
                .connectionTimeout(CONNECT)
                .build();
        return new Engine(host, DockerClientImpl.getInstance(config, transport));
    }

    private static DockerClientConfig configFor(Optional<URI> address) {
        try {
            DefaultDockerClientConfig.Builder builder = DefaultDockerClientConfig.createDefaultConfigBuilder();
            address.ifPresent(named -> builder.withDockerHost(named.toString()));
            return builder.build();
        } catch (DockerClientException e) {
            throw new InfrastructureException(
                    "the settings for the Docker engine cannot be used: " + said(e) + ": see DOCKER_HOST and ~/.docker",
                    e);
        }
    }

    public URI address() {
        return address;
    }

    /**
     * Asks and waits for the answer. An interrupt does not cut it short, because half a creation leaves a container
     * nobody knows; the deadline does.
     *
     * @param doing the sentence's middle: {@code removing container 4f…}
     * @throws EngineRefusedException if the engine answered with an error
     */
    public <T> T ask(String doing, Function<? super DockerClient, ? extends T> question) {
        FutureTask<T> answer = new FutureTask<>(() -> question.apply(client));
        // A thread per question: over TCP a blocked call hears neither an interrupt nor a timeout.
        Thread asking = new Thread(answer, "nonevent-docker-question");
        asking.setDaemon(true);
        asking.start();
        try {
            return Objects.requireNonNull(Uninterruptibles.getUninterruptibly(answer, ANSWER), doing);
        } catch (TimeoutException hung) {
            answer.cancel(true);
            throw new InfrastructureException(
                    "the Docker engine at " + address + " did not answer within " + ANSWER.toSeconds() + " s while "
                            + doing + ": see its log, it may be stopped or overloaded",
                    hung);
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
        Throwable root = rootOf(failure);
        if (root instanceof IOException) {
            return new InfrastructureException(
                    "no Docker engine answers at " + address + " (" + said(root) + ", " + doing
                            + "): start one, let this user reach its socket, or name another with DOCKER_HOST",
                    failure);
        }
        return new InfrastructureException(
                "talking to the Docker engine at " + address + " failed while " + doing + ": " + said(root), failure);
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    private static String said(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new InfrastructureException("the connection to " + address + " could not be closed", e);
        }
    }
}
