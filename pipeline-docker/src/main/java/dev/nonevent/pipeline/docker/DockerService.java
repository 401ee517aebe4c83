package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.ImageShelf;
import dev.nonevent.pipeline.docker.engine.Leftovers;
import dev.nonevent.pipeline.docker.engine.Owner;
import dev.nonevent.pipeline.docker.engine.Quantities;
import dev.nonevent.pipeline.docker.engine.Words;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceGroup;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A service in a container beside the stages that name it.
 *
 * <pre>{@code
 * var db = DockerService.service("postgres:16").env("POSTGRES_PASSWORD", "test").port(5432);
 * }</pre>
 *
 * <p>It is ready when it is as was said ({@code readyWhen…}); if nothing was, when the image's {@code HEALTHCHECK} succeeds,
 * and without one when its first port answers. Commands in containers reach it by its {@link #name}, on a network that
 * the services of one run have for themselves; processes of this machine reach its ports on 127.0.0.1, where any user of
 * the machine can. It is removed with its volumes, and by a later command or service if this process is killed.
 *
 * <p>It runs as its image says, with the five capabilities it takes to begin as root and become another user (CHOWN,
 * DAC_OVERRIDE, FOWNER, SETGID, SETUID), without a way to more, at most 512 processes, and nothing of this machine
 * mounted. What it is told stands in {@code docker inspect}: give it passwords made for the test, never a secret.
 *
 * <p>Immutable and safe for use by several threads. The engine must run on this machine.
 */
public final class DockerService implements Service {

    private final Recipe recipe;
    private final TimeSource time;

    private DockerService(Recipe recipe, TimeSource time) {
        this.recipe = recipe;
        this.time = time;
    }

    /** @param image as {@code docker run} takes it; its last part is the service's name unless another is said */
    public static DockerService service(String image) {
        return new DockerService(new Recipe(Words.image(image, "postgres:16"), nameIn(image)), TimeSource.system());
    }

    /** @param name by which commands in containers reach it: lower case letters, digits and dashes */
    public DockerService name(String name) {
        if (!name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("a service is named by lower case letters, digits and dashes, at most 63"
                    + " and no dash at either end, was \"" + name + "\"");
        }
        return with(changed -> changed.name = name);
    }

    /** A variable for it; it is no place for a secret. */
    public DockerService env(String name, String value) {
        Words.variable(name, value);
        return with(changed -> changed.environment.put(name, value));
    }

    /** @param port on which it answers; the first that is said is the one {@code {port}} stands for */
    public DockerService port(int port) {
        if (port < 1 || port > 65_535 || recipe.ports.contains(port)) {
            throw new IllegalArgumentException("a port is a number from 1 to 65535, said once, was " + port);
        }
        return with(changed -> changed.ports.add(port));
    }

    /** What it runs, as arguments for the image's entry point; unless said, what the image says. */
    public DockerService command(String... argv) {
        if (argv.length == 0) {
            throw new IllegalArgumentException("a command needs at least one word");
        }
        return with(changed -> changed.command = List.copyOf(Arrays.asList(argv)));
    }

    /** A directory kept in memory: fast, and gone with it. */
    public DockerService tmpfs(String directory) {
        if (!Words.namePlace(directory)) {
            throw new IllegalArgumentException(
                    "a directory in memory is absolute, without colon, comma, . and .., was " + directory);
        }
        return with(changed -> changed.temporary.add(directory));
    }

    /** @param mebibytes the most it may use, swap included */
    public DockerService memoryMib(int mebibytes) {
        return with(changed -> changed.memory = OptionalLong.of(Quantities.memory(mebibytes)));
    }

    /** @param processors how many it may keep busy, such as 0.5 */
    public DockerService cpus(double processors) {
        if (!(processors >= 0.01 && processors <= 1024)) {
            throw new IllegalArgumentException("processors are 0.01 to 1024, was " + processors);
        }
        return with(changed -> changed.nanoCpus = OptionalLong.of(Math.round(processors * 1_000_000_000)));
    }

    /** @param most processes and threads alive at the same time inside; 512 unless said */
    public DockerService processes(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a service is at least one process, was " + most);
        }
        return with(changed -> changed.processes = most);
    }

    /** It is ready when it has printed this. Some print it once for a start of their own before: see the other. */
    public DockerService readyWhenLog(String text) {
        return readyWhenLog(text, 1);
    }

    /** @param times how often it has to have printed the text */
    public DockerService readyWhenLog(String text, int times) {
        if (text.isEmpty() || times < 1) {
            throw new IllegalArgumentException(
                    "a service is ready by a text, printed once or more, was \"" + text + "\", " + times + " times");
        }
        return ready(new Readiness.Said(text, times));
    }

    /** It is ready when something listens on this port of its, which has to be declared. */
    public DockerService readyWhenPort(int port) {
        return ready(new Readiness.Listening(port));
    }

    /** It is ready when a GET there is answered with 200 to 299 within a second. */
    public DockerService readyWhenHttp(int port, String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with /, was \"" + path + "\"");
        }
        return ready(new Readiness.Answering(port, path));
    }

    /**
     * It is ready when this command, carried out inside, exits 0. The engine asks every second, and goes on as long as
     * the service lives.
     */
    public DockerService readyWhenExec(String... argv) {
        if (argv.length == 0) {
            throw new IllegalArgumentException("a command needs a program: pass it as the first argument");
        }
        return ready(new Readiness.Healthy(List.copyOf(Arrays.asList(argv))));
    }

    /** @param limit how long it may take from its start until it is ready; 60 seconds unless said */
    public DockerService within(Duration limit) {
        if (limit.isZero() || limit.isNegative() || limit.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("a service has up to a day to become ready, was " + limit);
        }
        return with(changed -> changed.within = limit);
    }

    /** Only an image that is there already; unless said, a missing one is pulled. */
    public DockerService withoutPulling() {
        return with(changed -> changed.mayPull = false);
    }

    /** @param address {@code unix:///…} or {@code tcp://…}; unless said, the one the docker command would use */
    public DockerService engine(URI address) {
        return with(changed -> changed.engine = Optional.of(address));
    }

    @Override
    public String name() {
        return recipe.name;
    }

    @Override
    public String description() {
        return recipe.image;
    }

    @Override
    public List<Integer> ports() {
        return List.copyOf(recipe.ports);
    }

    @Override
    public RunningService start(ServiceGroup group, CommandOutput output) throws InterruptedException {
        recipe.problem().ifPresent(problem -> {
            throw new InfrastructureException(recipe.image + " " + problem);
        });
        Engine engine = Engine.at(recipe.engine);
        try {
            Optional<Owner> self = Owner.self();
            self.ifPresent(owner -> new Leftovers(engine).removeAll(owner));
            new ImageShelf(engine).require(recipe.image, recipe.mayPull, output);
            return started(engine, group, self.map(Owner::labels).orElse(Map.of()), output);
        } catch (InterruptedException | RuntimeException failed) {
            engine.close();
            throw failed;
        }
    }

    private ServiceContainer started(
            Engine engine, ServiceGroup group, Map<String, String> labels, CommandOutput output)
            throws InterruptedException {
        RunNetworks networks = group.shared(RunNetworks.class, RunNetworks::new);
        String network = networks.join(engine, group.run(), labels);
        String id;
        try {
            id = new ServiceCreation(engine, recipe, labels).on(network);
        } catch (RuntimeException notMade) {
            networks.leave(engine);
            throw notMade;
        }
        ServiceContainer container =
                new ServiceContainer(new Container(engine, id), id, recipe, networks, network, output);
        try {
            container.start(time);
            return container;
        } catch (InterruptedException | RuntimeException failed) {
            closedAfter(failed, container);
            throw failed;
        }
    }

    private static void closedAfter(Exception failed, ServiceContainer container) {
        try {
            container.close();
        } catch (InfrastructureException left) {
            left.addSuppressed(failed);
            throw new InfrastructureException(left.getMessage() + "; before that: " + failed.getMessage(), left);
        }
    }

    /** {@code registry.example:5000/team/postgres:16} is {@code postgres}. */
    private static String nameIn(String image) {
        String last = image.substring(image.lastIndexOf('/') + 1)
                .replaceAll("[:@].*", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+|-+$", "");
        return last.isEmpty() || last.length() > 63 ? "service" : last;
    }

    private DockerService ready(Readiness readiness) {
        return with(changed -> changed.readiness = Optional.of(readiness));
    }

    private DockerService with(Consumer<Recipe> change) {
        Recipe changed = recipe.copy();
        change.accept(changed);
        return new DockerService(changed, time);
    }
}
