package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.BuildImageCmd;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.AuthConfigurations;
import com.github.dockerjava.api.model.BuildResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.ImageShelf;
import dev.nonevent.pipeline.docker.engine.Pulse;
import dev.nonevent.pipeline.docker.engine.Streamed;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One build of an image. Used once. */
final class ImageBuild {

    private static final int ITEMS_AHEAD = 1000;
    private static final Pattern STEP = Pattern.compile("Step (\\d{1,6})/\\d+ : .*");
    private static final Pattern RUNS = Pattern.compile(" ---> Running in ([0-9a-f]{12,64})");

    private final Engine engine;
    private final DockerImage.Ingredients ingredients;
    private final BlockingQueue<Optional<BuildResponseItem>> arrived = new ArrayBlockingQueue<>(ITEMS_AHEAD);
    private final StringBuilder openLine = new StringBuilder();
    private final List<AuthConfig> baseLogins;
    /** Containers of RUN lines that the engine has not said to have removed. */
    private final Set<String> running = new LinkedHashSet<>();

    private String step = "the build";
    private boolean madeAnew;
    private String builtId = "";
    private Optional<BuildResponseItem> error = Optional.empty();

    /** @param baseLogins go before what {@code docker login} left */
    ImageBuild(Engine engine, DockerImage.Ingredients ingredients, List<AuthConfig> baseLogins) {
        this.engine = engine;
        this.ingredients = ingredients;
        this.baseLogins = baseLogins;
    }

    /** @param log takes line after line, on the calling thread */
    Image run(Consumer<String> log) throws InterruptedException {
        Path context = contextDirectory();
        try (ContextTar tar = ContextTar.of(context, ingredients.files, ingredients.dockerfile)) {
            follow(tar, log);
        } catch (IOException e) {
            throw unreadable(e);
        }
        refuseIfFailed();
        Image image = verified();
        if (madeAnew) {
            log.accept("image " + image.id() + " is the same again on this engine as long as its cache has it; made"
                    + " anew, its id differs by its date and by what RUN writes");
        }
        return image;
    }

    private void follow(ContextTar tar, Consumer<String> log) throws InterruptedException {
        String doing = "building " + ingredients.reference();
        Streamed<BuildResponseItem> items = new Streamed<>(item -> hand(Optional.of(item)));
        try (items;
                Pulse pulse = Pulse.of(engine, Pulse.USUAL, items)) {
            engine.ask(doing, docker -> configured(docker.buildImageCmd(tar)).exec(items));
            CompletableFuture<Void> end = items.ended().whenComplete((done, failure) -> hand(Optional.empty()));
            for (Optional<BuildResponseItem> item = arrived.take(); item.isPresent(); item = arrived.take()) {
                take(item.get(), log);
            }
            endLine(log);
            end.get();
        } catch (ExecutionException e) {
            throw brokenOff(tar.failure().map(this::unreadable).orElseGet(() -> engine.explained(doing, e)));
        } catch (EngineRefusedException refused) {
            throw brokenOff(refused);
        } finally {
            // Nobody takes from here on; room for the end keeps the stream's thread from waiting for ever.
            arrived.clear();
        }
    }

    /** A Dockerfile that is none is refused before its first step. */
    private RuntimeException brokenOff(InfrastructureException failure) {
        return failure instanceof EngineRefusedException refused && refused.isMistaken()
                ? new ImageBuildFailedException(
                        "image " + ingredients.reference() + " cannot be built from " + ingredients.dockerfile + ": "
                                + refused.reason(),
                        OptionalInt.empty())
                : withNothingRunning(failure);
    }

    /** An engine that dies in the middle of a RUN leaves its container: only a living one removes it. */
    private InfrastructureException withNothingRunning(InfrastructureException failure) {
        InfrastructureException all = failure;
        for (String id : running) {
            all = new Container(engine, id).removedAfter(all, InfrastructureException::new);
        }
        return all;
    }

    private InfrastructureException unreadable(IOException e) {
        return new InfrastructureException(
                "the build context of " + ingredients.reference() + " cannot be read: "
                        + (e instanceof AccessDeniedException denied
                                ? "this user may not read " + denied.getFile() + ": list it in .dockerignore"
                                : e.getMessage()),
                e);
    }

    private Path contextDirectory() {
        Path context = ingredients.context.orElseThrow(() -> new IllegalStateException(
                "image " + ingredients.repository + " has no context: call context(tree) before build"));
        if (!Files.isRegularFile(context.resolve(ingredients.dockerfile))
                && !ingredients.files.containsKey(ingredients.dockerfile)) {
            throw new ImageBuildFailedException(
                    "image " + ingredients.reference() + " cannot be built: there is no " + ingredients.dockerfile
                            + " in its context",
                    OptionalInt.empty());
        }
        return context;
    }

    private BuildImageCmd configured(BuildImageCmd build) {
        build.withTags(Set.of(ingredients.reference()))
                .withDockerfilePath(ingredients.dockerfile)
                .withRemove(true)
                .withForcerm(true)
                .withLabels(ingredients.labels)
                .withBuildAuthConfigs(logins());
        ingredients.target.ifPresent(build::withTarget);
        ingredients.arguments.forEach(build::withBuildArg);
        return build;
    }

    private AuthConfigurations logins() {
        AuthConfigurations logins = engine.logins().all();
        baseLogins.forEach(logins::addConfig);
        return logins;
    }

    /** Onto the calling thread, which waits; a full queue makes the engine wait. */
    private void hand(Optional<BuildResponseItem> item) {
        try {
            arrived.put(item);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("the build's output was closed", closed);
        }
    }

    private void take(BuildResponseItem item, Consumer<String> log) {
        if (item.isErrorIndicated()) {
            error = Optional.of(item);
        }
        if (item.getRawValues().get("aux") instanceof Map<?, ?> aux && aux.get("ID") instanceof String id) {
            builtId = id;
        }
        if (item.getStream() != null) {
            for (char each : item.getStream().toCharArray()) {
                if (each == '\n') {
                    endLine(log);
                } else {
                    openLine.append(each);
                }
            }
        } else if (item.getStatus() != null && item.getProgressDetail() == null) {
            log.accept(item.getStatus());
        }
    }

    private void endLine(Consumer<String> log) {
        // The engine paints what RUN prints on standard error red.
        String line = openLine.toString().replaceAll("\u001B\\[[0-9;]*m", "").stripTrailing();
        openLine.setLength(0);
        if (!line.isEmpty()) {
            note(line);
            log.accept(line);
        }
    }

    /** What the builder says about itself. */
    private void note(String line) {
        Matcher begins = STEP.matcher(line);
        Matcher container = RUNS.matcher(line);
        if (begins.matches()) {
            OptionalInt at = dockerfile().lineOfStep(Integer.parseInt(begins.group(1)));
            step = line.substring(0, 1).toLowerCase(Locale.ROOT)
                    + line.substring(1)
                    + (at.isPresent() ? " (line " + at.getAsInt() + " of " + ingredients.dockerfile + ")" : "");
        } else if (container.matches()) {
            madeAnew = true;
            running.add(container.group(1));
        } else {
            running.removeIf(id -> line.equals("Removing intermediate container " + id)
                    || line.equals(" ---> Removed intermediate container " + id));
        }
    }

    private DockerfileText dockerfile() {
        Path added = ingredients.files.get(ingredients.dockerfile);
        try {
            return new DockerfileText(
                    Files.readAllLines(added == null ? contextDirectory().resolve(ingredients.dockerfile) : added));
        } catch (IOException unreadable) {
            // Only the number of the line is missing then; what the step is, the builder has said.
            return new DockerfileText(List.of());
        }
    }

    private void refuseIfFailed() {
        if (error.isEmpty()) {
            return;
        }
        ResponseItem.ErrorDetail detail = error.get().getErrorDetail();
        Integer code = detail == null ? null : detail.getCode();
        OptionalInt exitCode = code == null || code == 0 ? OptionalInt.empty() : OptionalInt.of(code);
        String reason = detail == null || detail.getMessage() == null ? "no reason given" : detail.getMessage();
        if (exitCode.isEmpty() && step.contains(" : FROM ") && ImageShelf.isAboutTheWay(reason)) {
            throw new InfrastructureException("image " + ingredients.reference() + " cannot be built: " + step
                    + " cannot be pulled (" + reason.strip() + "): check the way to its registry");
        }
        String what = exitCode.isPresent() ? " exited " + exitCode.getAsInt() : ": " + reason.strip();
        throw new ImageBuildFailedException(
                "image " + ingredients.reference() + " cannot be built: " + step + what, exitCode);
    }

    /** The stream's end is no evidence; that the engine has the image under the name and the id is. */
    private Image verified() {
        String reference = ingredients.reference();
        Optional<String> id = new ImageShelf(engine).idOf(builtId.isEmpty() ? reference : builtId);
        if (builtId.isEmpty() || id.isEmpty() || !id.get().equals(builtId)) {
            throw new InfrastructureException("the build of " + reference + " on the engine at " + engine.address()
                    + " ended without an image: its connection may have been cut");
        }
        return new Image(reference, builtId, Optional.empty());
    }
}
