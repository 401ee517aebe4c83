package dev.nonevent.pipeline.docker.instance;

import com.github.dockerjava.api.model.Image;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.ImageShelf;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Images that somebody may want to start again, held by tags of our own: whoever removes or moves the tag they were built
 * with takes nothing away. What is prepared is held for the home; from its first start on, for the application.
 */
public final class KeptImages {

    private static final String REPOSITORY = "nonevent-keep/";
    private static final int SHORT = 12;

    private final Engine engine;

    public KeptImages(Engine engine) {
        this.engine = engine;
    }

    public void keep(String id, String home) {
        tag(id, REPOSITORY + home);
    }

    /** From here on it is the application's alone to let go. */
    public void keep(String id, Mark mark) {
        tag(id, repository(mark));
        untag(REPOSITORY + mark.home() + ":" + shortened(id));
    }

    /** Lets those go that the application does not need; what a container was made of stays as long as that is there. */
    public void letGo(Mark mark, Collection<Blueprint> needed) {
        Set<String> tags = needed.stream()
                .map(blueprint -> shortened(Declaration.of(blueprint).image()))
                .collect(Collectors.toUnmodifiableSet());
        for (String kept : tagsOf(repository(mark))) {
            String tag = kept.substring(kept.lastIndexOf(':') + 1);
            untag(tags.contains(tag) ? REPOSITORY + mark.home() + ":" + tag : kept);
        }
    }

    private List<String> tagsOf(String repository) {
        return engine
                .ask(
                        "looking for the images kept as " + repository,
                        docker -> docker.listImagesCmd()
                                .withReferenceFilter(repository)
                                .exec())
                .stream()
                .map(Image::getRepoTags)
                .flatMap(Stream::of)
                .filter(reference -> reference.startsWith(repository + ":"))
                .toList();
    }

    private void tag(String id, String repository) {
        engine.tell(
                "keeping image " + id,
                docker -> docker.tagImageCmd(id, repository, shortened(id)).exec());
    }

    private void untag(String reference) {
        try {
            engine.tell(
                    "letting image " + reference + " go",
                    docker -> docker.removeImageCmd(reference).exec());
        } catch (EngineRefusedException refused) {
            if (!refused.isNotFound() && !refused.isConflict()) {
                throw refused;
            }
        }
    }

    private static String repository(Mark mark) {
        return REPOSITORY + mark.application() + "-" + mark.home();
    }

    private static String shortened(String id) {
        int digits = id.indexOf(':') + 1;
        return id.substring(digits, Math.min(id.length(), digits + SHORT));
    }

    /**
     * The id of an image on this engine, fetched if it was pushed and is not there.
     *
     * @param pulledAs {@code repository@sha256:…}
     */
    public String require(String id, Optional<String> pulledAs) {
        ImageShelf shelf = new ImageShelf(engine);
        Optional<String> there = shelf.idOf(id);
        if (there.isPresent()) {
            return there.get();
        }
        String reference = pulledAs.orElseThrow(
                () -> new InfrastructureException("image " + id + " is not on the engine at " + engine.address()
                        + ", and it was never pushed to a registry it could be pulled from: build it there, or push"
                        + " it"));
        try {
            shelf.require(reference, true, bytes -> {});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("pulling image " + reference + " was interrupted", e);
        }
        return shelf.idOf(reference).orElseThrow();
    }
}
