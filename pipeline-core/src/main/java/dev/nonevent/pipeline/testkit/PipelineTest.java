package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.run.RunRequest;
import dev.nonevent.pipeline.run.RunResult;
import dev.nonevent.pipeline.source.Checkout;
import dev.nonevent.pipeline.source.Revision;
import dev.nonevent.pipeline.time.TimeSource;
import dev.nonevent.pipeline.work.StageContext;
import dev.nonevent.pipeline.work.Trigger;
import dev.nonevent.pipeline.work.Work0;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Runs a pipeline in a test: the engine is the real one, but no command is carried out, no service is started, and time passes
 * only when everybody waits, and then at once.
 *
 * <pre>{@code
 * PipelineTest test = PipelineTest.of(shop).in(home).branch("main");
 * test.checkout("checkout", Map.of("pom.xml", "<project/>"));
 * test.on("mvn", "-B", "package").writes("target/shop.jar", "jar");
 * test.on("mvn", "-B", "verify").prints("3 of 41 failed").exits(1);
 *
 * TriedRun run = test.run();
 *
 * run.stage("integration tests").blocked("exited 1");
 * run.stage("deploy").skipped();
 * }</pre>
 *
 * <p>What a stage's own code does to the world it still does: a source that clones, a deployment that starts processes. Such a
 * stage is given other work with {@link #instead} or {@link #checkout}, or the pipeline is made with a strategy that stands on a
 * fake host. For one test and one thread; it may run several times, under the same home.
 */
public final class PipelineTest {

    private final Pipeline pipeline;
    private final CommandBook book = new CommandBook();
    private final Map<String, Work0<?>> works = new HashMap<>();
    private final Map<String, String> secrets = new HashMap<>();
    private final Map<String, String> approvals = new HashMap<>();
    private Optional<Path> home = Optional.empty();
    private Optional<TimeSource> time = Optional.empty();
    private RunRequest request = RunRequest.of(Trigger.manual());

    private PipelineTest(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** @throws dev.nonevent.pipeline.plan.InvalidPipelineException with every problem of the pipeline at once */
    public static PipelineTest of(Pipeline pipeline) {
        return new PipelineTest(Plan.of(pipeline).pipeline());
    }

    /** @param directory where the run is kept: one that the test makes and removes */
    public PipelineTest in(Path directory) {
        home = Optional.of(directory.toAbsolutePath().normalize());
        return this;
    }

    /** What exactly this command does, wherever it runs. Of several that fit, the one said last answers. */
    public FakeCommand on(String... argv) {
        List<String> words = List.of(argv);
        return book.add(String.join(" ", words), command -> command.argv().equals(words));
    }

    /** What every command does that begins with these words. */
    public FakeCommand onStartingWith(String... argv) {
        List<String> words = List.of(argv);
        return book.add(
                String.join(" ", words),
                command -> command.argv().size() >= words.size()
                        && command.argv().subList(0, words.size()).equals(words));
    }

    /** @param description for the sentence that says what a test knows, if a command is none of it */
    public FakeCommand onMatching(String description, Predicate<Command> matches) {
        return book.add(description, matches);
    }

    /**
     * Work that the stage, gate or deployment does in this test, instead of its own.
     *
     * @param work makes what others need of it, of the same type; a gate passes unless it throws
     * @throws IllegalArgumentException if there is none of that name, naming the nearest
     */
    public PipelineTest instead(String stage, Work0<?> work) {
        works.put(known(stage), work);
        return this;
    }

    /** A stage that checks something out hands on these files, by their paths, and touches no repository. */
    public PipelineTest checkout(String stage, Map<String, String> files) {
        Map<String, String> kept = Map.copyOf(files);
        return instead(stage, context -> checkedOut(context, kept));
    }

    /** The branch the run is about, as if somebody had pushed to it; none if nothing is said. */
    public PipelineTest branch(String name) {
        return trigger(request.trigger().onBranch(name));
    }

    /** What made the run start; a person if nothing is said. */
    public PipelineTest trigger(Trigger trigger) {
        request = new RunRequest(trigger, request.parameters());
        return this;
    }

    /** @param text as it would be typed behind {@code --name=} */
    public PipelineTest parameter(String name, String text) {
        request = request.with(name, text);
        return this;
    }

    public PipelineTest secret(String name, String value) {
        secrets.put(name, value);
        return this;
    }

    /** Says yes when the stage asks. A stage that asks and has no answer is rejected, and says that the test gave none. */
    public PipelineTest approve(String stage) {
        approvals.put(known(stage), "");
        return this;
    }

    /** @param why for people, not blank */
    public PipelineTest reject(String stage, String why) {
        if (why.isBlank()) {
            throw new IllegalArgumentException("say why \"" + stage + "\" is rejected");
        }
        approvals.put(known(stage), why);
        return this;
    }

    /** Somebody else's time for the run, such as that of a fake world a deployment lives in. */
    public PipelineTest time(TimeSource theirs) {
        time = Optional.of(theirs);
        return this;
    }

    /**
     * Runs the pipeline to its end.
     *
     * @throws dev.nonevent.pipeline.run.InvalidRequestException if a parameter or secret is missing, naming it
     * @throws InterruptedException if the calling thread is interrupted; the run has been cancelled and is over
     */
    public TriedRun run() throws InterruptedException {
        Path kept = home.orElseThrow(
                () -> new IllegalStateException("say .in(directory): a run is kept somewhere, also in a test"));
        List<RunEvent> events = new CopyOnWriteArrayList<>();
        try (Crew crew = new Crew()) {
            TimeSource clock = time.orElseGet(crew::time);
            PipelineRunner runner = PipelineRunner.in(kept)
                    .secrets(new GivenSecrets(secrets))
                    .time(clock)
                    .threads(crew::execute)
                    .listener(events::add)
                    .listener(new Approver(kept, Map.copyOf(approvals)));
            Plan plan = Plan.of(pipeline.with(new Substitution(book, clock, Map.copyOf(works))));
            RunResult result = crew.call(() -> runner.run(plan, request));
            return new TriedRun(result, events, book.ran());
        }
    }

    private String known(String stage) {
        return Plan.of(pipeline).step(stage).name();
    }

    private static Checkout checkedOut(StageContext context, Map<String, String> files) throws IOException {
        Path directory = context.workspace().resolve("checkout");
        Files.createDirectories(directory);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path at = directory.resolve(file.getKey()).normalize();
            if (!at.startsWith(directory)) {
                throw new IllegalArgumentException(
                        "checkout of " + context.stage() + ": " + file.getKey() + " lies outside of it");
            }
            Files.createDirectories(at.resolveSibling(".").normalize());
            Files.writeString(at, file.getValue());
        }
        Tree tree = context.tree("checkout");
        String commit = context.trigger().commit().orElseGet(() -> tree.sha256().substring(0, 40));
        return new Checkout(
                new Revision(
                        "test",
                        context.trigger().branch(),
                        commit,
                        context.time().now(),
                        "the test",
                        "of the test"),
                tree);
    }
}
