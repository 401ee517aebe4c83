package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The images an engine has, and how a missing one gets there. */
public final class ImageShelf {

    private static final long LONGEST_PULL_MINUTES = 30;

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

    /** Sees to it that the image is there, and says in the output when it has to be fetched. */
    public void require(String image, boolean mayPull, CommandOutput output) throws InterruptedException {
        if (idOf(image).isPresent()) {
            return;
        }
        if (!mayPull) {
            throw new InfrastructureException("image " + image + " is not on the engine at " + engine.address()
                    + ", and it may not be pulled: build or load it first");
        }
        output.write(("pulling " + image + "\n").getBytes(StandardCharsets.UTF_8));
        pull(image);
        // A stream that ends is not evidence: docker-java takes no answer at all for a success.
        if (idOf(image).isEmpty()) {
            throw cannotPull(image, "the engine still does not have it");
        }
    }

    private void pull(String image) throws InterruptedException {
        List<String> refusals = new CopyOnWriteArrayList<>();
        Streamed<PullResponseItem> items = new Streamed<>(item -> {
            if (item.getErrorDetail() != null && item.getErrorDetail().getMessage() != null) {
                refusals.add(item.getErrorDetail().getMessage());
            }
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
            InfrastructureException why = engine.explained("pulling " + image, failed);
            throw why instanceof EngineRefusedException refused ? cannotPull(image, refused.reason()) : why;
        } catch (TimeoutException late) {
            throw cannotPull(image, "it took more than " + LONGEST_PULL_MINUTES + " minutes");
        }
        if (!refusals.isEmpty()) {
            throw cannotPull(image, String.join("; ", refusals));
        }
    }

    private static InfrastructureException cannotPull(String image, String reason) {
        return new InfrastructureException("image " + image + " is not there and cannot be pulled (" + reason
                + "): check its name, docker login, and the way to its registry");
    }

    /** Without a tag the engine would pull every tag there is. */
    public static String tagged(String image) {
        int name = image.lastIndexOf('/') + 1;
        return image.indexOf(':', name) < 0 && image.indexOf('@', name) < 0 ? image + ":latest" : image;
    }
}
