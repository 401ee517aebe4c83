package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.model.AuthConfig;
import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.Words;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.work.StageContext;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * An image to be built from a tree with a Dockerfile in it.
 *
 * <pre>{@code
 * Image image = DockerImage.dockerImage("registry.example/shop").context(checkout.tree())
 *         .file(jar, "app.jar").tag(checkout.shortId()).build(ctx);
 * }</pre>
 *
 * <p>The engine's own builder is used: several stages, arguments, its layer cache. {@code .dockerignore} is obeyed, but the
 * Dockerfile and what {@link #file} adds are always there.
 *
 * <p>The same tree makes the same layers with {@code COPY}, whenever and wherever: every file in the context has the same
 * old date. On one engine the cache makes it the same image; on another the id differs by the date in the image's
 * configuration and by what {@code RUN} writes, which the log says. Immutable and safe for use by several threads.
 */
public final class DockerImage {

    private static final String ARGUMENT = "build argument";
    private static final String LABEL = "label";

    private final Ingredients ingredients;

    private DockerImage(Ingredients ingredients) {
        this.ingredients = ingredients;
    }

    /** @param repository without a tag: {@code shop}, {@code registry.example:5000/team/shop} */
    public static DockerImage dockerImage(String repository) {
        if (!Words.nameRepository(repository)) {
            throw new IllegalArgumentException("\"" + repository
                    + "\" is no repository: lower case letters, digits and . _ - / like registry.example/shop, no tag");
        }
        return new DockerImage(new Ingredients(repository));
    }

    /** What the Dockerfile may copy from. */
    public DockerImage context(Tree tree) {
        return contextDirectory(tree.path());
    }

    /** What the Dockerfile may copy from, as it is when the build begins; nobody may change it meanwhile. */
    public DockerImage contextDirectory(Path directory) {
        return with(changed -> changed.context = Optional.of(directory));
    }

    /** Adds a file to the context, in the place of one that may be there. */
    public DockerImage file(Artifact artifact, String as) {
        if (!isInContext(as) || !Path.of(as).normalize().equals(Path.of(as))) {
            throw new IllegalArgumentException(
                    "\"" + as + "\" is no place in the context: use a path like target/app.jar");
        }
        return with(changed -> changed.files.put(as, artifact.path()));
    }

    /** @param path in the context; {@code Dockerfile} unless said */
    public DockerImage dockerfile(String path) {
        if (!isInContext(path)) {
            throw new IllegalArgumentException(
                    "\"" + path + "\" is no Dockerfile of the context: use a path in it, like docker/Dockerfile");
        }
        return with(changed -> changed.dockerfile = Path.of(path).normalize().toString());
    }

    private static boolean isInContext(String path) {
        return !path.isBlank()
                && path.indexOf('\0') < 0
                && !Path.of(path).isAbsolute()
                && !Path.of(path).normalize().toString().isEmpty()
                && !Path.of(path).normalize().startsWith("..");
    }

    /** The stage of the Dockerfile to stop at; unless said, the last. */
    public DockerImage target(String stage) {
        if (!stage.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
            throw new IllegalArgumentException("\"" + stage
                    + "\" is no stage of a Dockerfile: use a name behind AS, or the number of a FROM line from 0");
        }
        return with(changed -> changed.target = Optional.of(stage));
    }

    /**
     * A value for an {@code ARG}. Anyone who has the image can read it: no place for a secret.
     *
     * @throws IllegalArgumentException if it looks like a secret; a secret of the run is refused when it is built
     */
    public DockerImage argument(String name, String value) {
        if (!name.matches("[^\\s=\\p{Cntrl}]+")) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is no build argument: use a name behind ARG in the Dockerfile");
        }
        Confidential.refuseWhatLooksLikeIt(ARGUMENT, name, value);
        return with(changed -> changed.arguments.put(name, value));
    }

    /**
     * A note on the image that anyone can read, such as {@code org.opencontainers.image.source}.
     *
     * @throws IllegalArgumentException if it looks like a secret; a secret of the run is refused when it is built
     */
    public DockerImage label(String name, String value) {
        if (!name.matches("[a-z0-9]([a-z0-9._/-]{0,253}[a-z0-9])?")) {
            throw new IllegalArgumentException("\"" + name
                    + "\" is no label: lower case letters, digits and . _ - / like org.opencontainers.image.source");
        }
        Confidential.refuseWhatLooksLikeIt(LABEL, name, value);
        return with(changed -> changed.labels.put(name, value));
    }

    /**
     * Who to be at the registry the {@code FROM} lines name; for others, what {@code docker login} left.
     *
     * @param registry as in the names of its images: {@code registry.example:5000}
     * @param token of the stage: it needs {@code secret(token)}
     */
    public DockerImage baseImagesAs(String registry, String user, Secret token) {
        return with(changed -> changed.baseLogins.put(registry, new Login(user, token)));
    }

    /** @param tag {@code latest} unless said */
    public DockerImage tag(String tag) {
        if (!tag.matches("\\w[\\w.-]{0,127}")) {
            throw new IllegalArgumentException("\"" + tag
                    + "\" is no tag: letters, digits and _ . -, at most 128, was for " + ingredients.repository);
        }
        return with(changed -> changed.tag = tag);
    }

    /** Pushes what was built to the repository's registry, as {@code docker login} was done, or as nobody. */
    public DockerImage push() {
        return with(changed -> changed.push = true);
    }

    /**
     * Pushes what was built to the repository's registry.
     *
     * @param user as the registry knows it; some take any name beside a token
     * @param token of the stage: it needs {@code secret(token)}
     */
    public DockerImage pushAs(String user, Secret token) {
        return with(changed -> {
            changed.push = true;
            changed.user = user;
            changed.token = Optional.of(token);
        });
    }

    /** @param address {@code unix:///…} or {@code tcp://…}; unless said, the one the docker command would use */
    public DockerImage engine(URI address) {
        return with(changed -> changed.engine = Optional.of(address));
    }

    /**
     * Builds it, and pushes it if that was said; what the engine prints goes to the stage's log. An interrupt cancels.
     *
     * @throws ImageBuildFailedException if a line of the Dockerfile fails
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if there is no engine or it goes away, or the registry
     *     refuses
     */
    public Image build(StageContext stage) throws InterruptedException {
        try (Engine engine = Engine.at(ingredients.engine)) {
            ingredients.refuseSecrets(stage);
            Image image = new ImageBuild(engine, ingredients, ingredients.baseLogins(stage)).run(stage::log);
            if (!ingredients.push) {
                return image;
            }
            Optional<AuthConfig> login = ingredients.token.map(
                    token -> new AuthConfig().withUsername(ingredients.user).withPassword(stage.reveal(token)));
            String digest = new ImagePush(engine, ingredients).run(login, stage::log);
            return new Image(image.reference(), image.id(), Optional.of(digest));
        }
    }

    private DockerImage with(Consumer<Ingredients> change) {
        Ingredients changed = ingredients.copy();
        change.accept(changed);
        return new DockerImage(changed);
    }

    private record Login(String user, Secret token) {}

    /** What goes into an image. Changed only while it is declared: each change on a copy. */
    static final class Ingredients {

        final String repository;
        Optional<Path> context = Optional.empty();
        Optional<String> target = Optional.empty();
        Optional<URI> engine = Optional.empty();
        String dockerfile = "Dockerfile";
        String tag = "latest";
        boolean push;
        String user = "";
        Optional<Secret> token = Optional.empty();
        final Map<String, Path> files = new TreeMap<>();
        final Map<String, String> arguments = new TreeMap<>();
        final Map<String, String> labels = new TreeMap<>();
        private final Map<String, Login> baseLogins = new TreeMap<>();

        Ingredients(String repository) {
            this.repository = repository;
        }

        String reference() {
            return repository + ":" + tag;
        }

        private void refuseSecrets(StageContext stage) {
            arguments.forEach((name, value) -> Confidential.refuseSecrets(ARGUMENT, name, value, stage));
            labels.forEach((name, value) -> Confidential.refuseSecrets(LABEL, name, value, stage));
        }

        private List<AuthConfig> baseLogins(StageContext stage) {
            return baseLogins.entrySet().stream()
                    .map(each -> new AuthConfig()
                            .withRegistryAddress(each.getKey())
                            .withUsername(each.getValue().user())
                            .withPassword(stage.reveal(each.getValue().token())))
                    .toList();
        }

        private Ingredients copy() {
            Ingredients copy = new Ingredients(repository);
            copy.context = context;
            copy.target = target;
            copy.engine = engine;
            copy.dockerfile = dockerfile;
            copy.tag = tag;
            copy.push = push;
            copy.user = user;
            copy.token = token;
            copy.files.putAll(files);
            copy.arguments.putAll(arguments);
            copy.labels.putAll(labels);
            copy.baseLogins.putAll(baseLogins);
            return copy;
        }
    }
}
