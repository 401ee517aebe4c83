package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PushResponseItem;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.Pulse;
import dev.nonevent.pipeline.docker.engine.Streamed;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** One push of an image to its registry. Used once. */
final class ImagePush {

    private final Engine engine;
    private final DockerImage.Ingredients image;
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<String> digests = new CopyOnWriteArrayList<>();

    ImagePush(Engine engine, DockerImage.Ingredients image) {
        this.engine = engine;
        this.image = image;
    }

    /**
     * @param login empty: what {@code docker login} left, or none
     * @return the digest the registry keeps it under
     */
    String run(Optional<AuthConfig> login, Consumer<String> log) throws InterruptedException {
        String doing = "pushing " + image.reference();
        try (Streamed<PushResponseItem> items = new Streamed<>(this::take);
                Pulse pulse = Pulse.of(engine, Pulse.USUAL, items)) {
            AuthConfig as =
                    login.or(() -> engine.logins().forImage(image.repository)).orElseGet(AuthConfig::new);
            engine.ask(
                    doing,
                    docker -> docker.pushImageCmd(image.repository)
                            .withTag(image.tag)
                            .withAuthConfig(as)
                            .exec(items));
            items.ended().get();
        } catch (ExecutionException e) {
            InfrastructureException why = engine.explained(doing, e);
            throw why instanceof EngineRefusedException refused ? cannotPush(refused.reason()) : why;
        }
        said.forEach(log);
        // A registry that refuses is an item among others; nothing is thrown for it.
        if (!errors.isEmpty()) {
            throw cannotPush(String.join("; ", errors));
        }
        if (digests.isEmpty()) {
            throw cannotPush("the registry named no digest");
        }
        return confirmed(digests.get(digests.size() - 1));
    }

    private void take(PushResponseItem item) {
        if (item.isErrorIndicated()) {
            errors.add(
                    item.getErrorDetail() == null || item.getErrorDetail().getMessage() == null
                            ? "no reason given"
                            : item.getErrorDetail().getMessage());
        }
        if (item.getAux() != null && item.getAux().getDigest() != null) {
            digests.add(item.getAux().getDigest());
        }
        if (item.getStatus() != null && item.getId() == null) {
            said.add(item.getStatus());
        }
    }

    /** The engine notes under which digest a registry has the image; only then it is there. */
    private String confirmed(String named) {
        List<String> known = engine.ask(
                        "asking for the digest of " + image.reference(),
                        docker -> docker.inspectImageCmd(image.reference()).exec())
                .getRepoDigests();
        if (known == null || known.stream().noneMatch(each -> each.endsWith("@" + named))) {
            throw cannotPush("the engine does not know the digest " + named + " the registry named");
        }
        return named;
    }

    private InfrastructureException cannotPush(String reason) {
        return new InfrastructureException("image " + image.reference() + " cannot be pushed (" + reason
                + "): check the way to its registry, the user, and the token's rights");
    }
}
