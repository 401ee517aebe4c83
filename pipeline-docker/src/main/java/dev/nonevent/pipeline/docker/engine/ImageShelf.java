package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The images an engine has, and how a missing one gets there. */
public final class ImageShelf {

    private static final long LONGEST_PULL_MINUTES = 30;
    private static final int ATTEMPTS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(300);

    private final Engine engine;

    public ImageShelf(Engine engine) {
        this.engine = engine;
    }

    /** The image's full id, {@code sha256:…}; empty if the engine does not have it. */
    public Optional<String> idOf(String image) {
        try {
            return Optional.ofNullable(engine.ask(
                            "looking for image " + image,
                            docker -> docker.inspectImageCmd(image).exec())
                    .getId());
        } catch (EngineRefusedException refused) {
            if (refused.isNotFound()) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /**
     * Sees to it that the image is there, and says in the output when it has to be fetched.
     *
     * @return its full id, {@code sha256:…}: the name may mean another one tomorrow
     */
    public String require(String image, boolean mayPull, CommandOutput output) throws InterruptedException {
        Optional<String> there = idOf(image);
        if (there.isPresent()) {
            return there.get();
        }
        if (!mayPull) {
            throw new InfrastructureException("image " + image + " is not on the engine at " + engine.address()
                    + ", and it may not be pulled: build or load it first");
        }
        pullPatiently(image, output);
        // A stream that ends is not evidence: docker-java takes no answer at all for a success.
        return idOf(image).orElseThrow(() -> new PullFailedException(image, "the engine still does not have it"));
    }

    private void pullPatiently(String image, CommandOutput output) throws InterruptedException {
        Retry retry = Retry.of(
                "pull",
                RetryConfig.custom()
                        .maxAttempts(ATTEMPTS)
                        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(FIRST_PAUSE, 3.0))
                        .retryOnException(thrown -> thrown instanceof PullFailedException failed && failed.mayPass())
                        .build());
        retry.getEventPublisher()
                .onRetry(event -> say(
                        output,
                        "pulling " + image + " failed (" + reasonOf(event.getLastThrowable()) + "), trying again"));
        try {
            retry.executeCheckedSupplier(() -> {
                pull(image, output);
                return image;
            });
        } catch (InterruptedException | RuntimeException | Error e) {
            // An interrupt between two attempts comes out as the last failure, with the flag set.
            if (!(e instanceof InterruptedException) && Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("stopped while pulling " + image).initCause(e);
            }
            throw e;
        } catch (Throwable neverThrown) {
            throw new IllegalStateException(neverThrown);
        }
    }

    private void pull(String image, CommandOutput output) throws InterruptedException {
        say(output, "pulling " + image);
        PullProgress progress = new PullProgress(line -> say(output, line));
        List<String> refusals = new CopyOnWriteArrayList<>();
        Streamed<PullResponseItem> items = new Streamed<>(item -> {
            if (item.getErrorDetail() != null && item.getErrorDetail().getMessage() != null) {
                refusals.add(item.getErrorDetail().getMessage());
            }
            progress.take(item);
        });
        try (items;
                Pulse pulse = Pulse.of(engine, Pulse.USUAL, items)) {
            AuthConfig login = engine.logins().forImage(image).orElseGet(AuthConfig::new);
            engine.ask(
                    "pulling " + image,
                    docker -> docker.pullImageCmd(tagged(image))
                            .withAuthConfig(login)
                            .exec(items));
            items.ended().get(LONGEST_PULL_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException failed) {
            if (items.spoiled().isDone() && failed.getCause() instanceof RuntimeException spoiled) {
                throw spoiled;
            }
            InfrastructureException why = engine.explained("pulling " + image, failed);
            throw why instanceof EngineRefusedException refused
                    ? new PullFailedException(image, refused.reason())
                    : why;
        } catch (TimeoutException late) {
            throw new PullFailedException(image, "it took more than " + LONGEST_PULL_MINUTES + " minutes");
        }
        if (!refusals.isEmpty()) {
            throw new PullFailedException(image, String.join("; ", refusals));
        }
    }

    /** Whether these words of an engine's are about the way to a registry or its bad moment, and not about an image. */
    public static boolean isAboutTheWay(String reason) {
        return PullFailedException.mayPass(reason)
                || reason.toLowerCase(Locale.ROOT).contains("no such host");
    }

    private static void say(CommandOutput output, String line) {
        output.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String reasonOf(@Nullable Throwable failure) {
        return failure instanceof PullFailedException failed ? failed.reason() : String.valueOf(failure);
    }

    /** Without a tag the engine would pull every tag there is. */
    public static String tagged(String image) {
        int name = image.lastIndexOf('/') + 1;
        return image.indexOf(':', name) < 0 && image.indexOf('@', name) < 0 ? image + ":latest" : image;
    }
}
