package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.testkit.FakeSwitcher;
import dev.nonevent.pipeline.bluegreen.testkit.FakeWorld;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.cli.PipelineMain;
import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Hook;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.run.RunRequest;
import dev.nonevent.pipeline.run.RunResult;
import dev.nonevent.pipeline.trigger.PushServer;
import dev.nonevent.pipeline.work.Trigger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code in README.md and in docs compiles and does what the pages say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class DocsTest {

    private final Page readme = Page.atTheRoot("README.md");
    private Class<?> code;

    @BeforeAll
    void compile(@TempDir Path classes) throws Exception {
        code = readme.compiled(classes);
    }

    @Test
    void programOfThePageAboutResumingGoesOnWithARun(@TempDir Path classes, @TempDir Path home) throws Exception {
        Class<?> page = Page.atTheRoot("docs/resume.md").compiled(classes);
        Pipeline shop = Pipeline.define("shop", p -> {
            var jar = p.stage("build").run(ctx -> List.of("A", "B"));
            p.stage("image").needs(jar).run((ctx, built) -> {
                if (!Files.exists(home.resolve("there is room"))) {
                    throw new InfrastructureException("no room");
                }
                return built.size();
            });
        });
        RunResult stopped = PipelineRunner.in(home).retryErrors(0).run(Plan.of(shop), RunRequest.of(Trigger.manual()));
        Files.createFile(home.resolve("there is room"));

        RunResult result = (RunResult) Page.method(page, "goOn").invoke(null, shop, home, stopped.id());

        assertThat(result.outcomes().get("build").sentence()).startsWith("not run again: passed at ");
        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat((List<?>) Page.method(page, "whatWasTold").invoke(null, home, stopped.id()))
                .hasAtLeastOneElementOfType(RunEvent.StageDecided.class);
    }

    @Test
    void pipelineOfTheReadmeIsValid() throws Exception {
        Pipeline shop = (Pipeline) Page.method(code, "shop").invoke(null, URI.create("https://git.example/shop.git"));

        assertThat(Plan.of(shop).steps())
                .extracting(Declaration::name)
                .containsExactly("checkout", "build", "unit tests", "security scan", "deploy");
    }

    @Test
    void embeddingRunsAPipelineAndTellsTheListener(@TempDir Path home) throws Exception {
        Pipeline greeting = Pipeline.define(
                "greeting",
                p -> p.stage("greet").run(ctx -> {
                    ctx.log("hello");
                    return 1;
                }));
        List<RunEvent> heard = new ArrayList<>();

        RunResult result =
                (RunResult) Page.method(code, "deliver").invoke(null, greeting, home, (RunListener) heard::add);

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(heard).first().isInstanceOf(RunEvent.RunStarted.class);
        assertThat(heard).last().isInstanceOf(RunEvent.RunEnded.class);
    }

    @Test
    void pluggedInExecutorCarriesCommandsOut(@TempDir Path workspace) throws Exception {
        List<String> lines = new ArrayList<>();
        CommandExecutor recording =
                Page.instance(code, "Recording", CommandExecutor.class, LocalExecutor.local(), lines);

        boolean succeeded =
                recording.run(Command.of(workspace, "true"), bytes -> {}).succeeded();

        assertThat(succeeded).isTrue();
        assertThat(lines).containsExactly("true");
        assertThat(recording.description()).endsWith(", recorded");
    }

    @Test
    void pluggedInSwitcherDecidesWhoMayOpen(@TempDir Path home) throws Exception {
        TrafficSwitcher frozen = Page.instance(
                code, "Guarded", TrafficSwitcher.class, Router.router(8000), (BooleanSupplier) () -> false);

        assertThat(frozen.problems()).isEmpty();
        assertThat(frozen.find("shop", home)).isEmpty();
        assertThatThrownBy(() -> frozen.open("shop", home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("traffic of shop is frozen; ask the operators");
    }

    @Test
    void pushServerOfTheReadmeOpensItsDoor(@TempDir Path directory) throws Exception {
        try (PushServer server = (PushServer)
                Page.method(code, "serve").invoke(null, directory.resolve("shop.git"), directory.resolve("home"), 0)) {
            assertThat(server.address().toString())
                    .startsWith("http://127.0.0.1:")
                    .endsWith("/shop.git");
        }
    }

    @Test
    void switchersOfThePageAreDeclaredWithoutProblems(@TempDir Path classes) throws Exception {
        Class<?> page = Page.atTheRoot("docs/own-switcher.md").compiled(classes);

        List<?> switchers = (List<?>) Page.method(page, "switchers").invoke(null);

        assertThat(switchers)
                .hasSize(5)
                .allSatisfy(
                        each -> assertThat(((TrafficSwitcher) each).problems()).isEmpty());
    }

    @Test
    void canaryOfThePageIsDeclaredWithoutProblems(@TempDir Path classes) throws Exception {
        Class<?> page = Page.atTheRoot("docs/canary.md").compiled(classes);

        DeploymentStrategy<?, ?> shop =
                (DeploymentStrategy<?, ?>) Page.method(page, "shop").invoke(null, new FakeWorld().host());

        assertThat(shop.problems()).isEmpty();
        assertThat(shop.description()).startsWith("canary \"shop\"");
    }

    @Test
    void containersOfThePageAreDeclaredWithoutProblems(@TempDir Path classes) throws Exception {
        Class<?> page = Page.atTheRoot("docs/docker-host.md").compiled(classes);

        DeploymentStrategy<?, ?> shop =
                (DeploymentStrategy<?, ?>) Page.method(page, "shop").invoke(null);

        assertThat(shop.problems()).isEmpty();
        assertThat(shop.description()).contains("Docker containers");
    }

    @Test
    void releasesOnASwarmOfThePageAreDeclaredWithoutProblems(@TempDir Path classes) throws Exception {
        Class<?> page = Page.atTheRoot("docs/swarm-host.md").compiled(classes);

        DeploymentStrategy<?, ?> shop =
                (DeploymentStrategy<?, ?>) Page.method(page, "shop").invoke(null);

        assertThat(shop.problems()).isEmpty();
        assertThat(shop.description()).contains("services of a Docker swarm, 3 replicas for each release");
    }

    @Test
    void deliveryInContainersOfThePageIsValid(@TempDir Path classes) throws Exception {
        Class<?> page = Page.atTheRoot("docs/containers.md").compiled(classes);

        Pipeline shop = (Pipeline) Page.method(page, "shop").invoke(null, URI.create("https://git.example/shop.git"));

        assertThat(Plan.of(shop).steps())
                .extracting(Declaration::name)
                .containsExactly("checkout", "build", "unit tests", "integration tests", "image", "deploy");
    }

    @Test
    void stagesOnSwarmOfThePageAreInThePlan(@TempDir Path classes) throws Exception {
        Class<?> page = Page.atTheRoot("docs/swarm-executor.md").compiled(classes);

        Pipeline shop = (Pipeline) Page.method(page, "tests").invoke(null, URI.create("https://git.example/shop.git"));

        assertThat(Plan.of(shop).text()).contains("maven:3.9-eclipse-temurin-17 on Docker Swarm");
    }

    @Test
    void reportsOfThePageAreWrittenByARun(@TempDir Path classes, @TempDir Path home) throws Exception {
        Class<?> page = Page.atTheRoot("docs/reports.md").compiled(classes);
        PipelineRunner runner =
                (PipelineRunner) Page.method(page, "reported").invoke(null, home, home.resolve("pages"));

        RunResult result = runner.run(
                Plan.of(Pipeline.define("shop", p -> p.stage("build").run(ctx -> "jar"))),
                RunRequest.of(Trigger.manual()));

        assertThat(home.resolve("pages/latest.html")).content().contains("Passed");
        assertThat(home.resolve("runs/" + result.id() + "/report.json"))
                .content()
                .contains("\"outcome\" : \"passed\"");
        assertThat(home.resolve("runs/" + result.id() + "/junit.xml")).exists();
    }

    @Test
    void serviceOfThePageStandsInThePlanOfWhoUsesIt(@TempDir Path classes) throws Exception {
        Class<?> page = Page.atTheRoot("docs/services.md").compiled(classes);

        Pipeline shop = (Pipeline) Page.method(page, "tests").invoke(null, URI.create("https://git.example/shop.git"));

        assertThat(Plan.of(shop).text()).contains("services  postgres (postgres:16)");
    }

    @Test
    void schedulingOfThePageStandsInThePlan(@TempDir Path classes) throws Exception {
        Class<?> page = Page.atTheRoot("docs/scheduling.md").compiled(classes);

        Pipeline shop = (Pipeline) Page.method(page, "tests").invoke(null, URI.create("https://git.example/shop.git"));

        assertThat(Plan.of(shop).text()).contains("retried   up to 2 times, whatever went wrong");
        shop = (Pipeline) Page.method(page, "delivery").invoke(null, URI.create("https://git.example/shop.git"));
        assertThat(Plan.of(shop).text()).contains("approval  waits for approval by ops, at most 8h");
        shop = (Pipeline) Page.method(page, "exclusive").invoke(null, URI.create("https://git.example/shop.git"));
        assertThat(Plan.of(shop).text()).contains("locks     staging (cancels older runs), test-database");
    }

    @Test
    void statusesOfThePageDisturbNobodyWhoHasNoCommit(@TempDir Path classes, @TempDir Path home) throws Exception {
        Class<?> page = Page.atTheRoot("docs/statuses.md").compiled(classes);
        Pipeline greeting = Pipeline.define("greeting", p -> p.stage("greet").run(ctx -> 1));

        PipelineMain main = (PipelineMain) Page.method(page, "told").invoke(null, greeting, home);

        assertThat(main.run("run", "--quiet")).isZero();
    }

    @Test
    void notificationsOfThePageAreHooksOfAValidPipeline(@TempDir Path classes) throws Exception {
        Class<?> page = Page.atTheRoot("docs/notifications.md").compiled(classes);

        Pipeline shop = (Pipeline) Page.method(page, "shop").invoke(null);

        assertThat(Plan.of(shop).pipeline().hooks())
                .extracting(Hook::when)
                .containsExactly("onFinish", "onRegression", "onRollback");
    }

    @Test
    void secretOfThePageReachesTheStageThatWasGivenIt(@TempDir Path classes) throws Exception {
        Class<?> page = Page.atTheRoot("docs/secrets.md").compiled(classes);

        Pipeline shop = (Pipeline) Page.method(page, "shop").invoke(null);

        assertThat(shop.secrets()).extracting(Object::toString).containsExactly("***registry-token***");
        assertThat(Plan.of(shop).steps()).extracting(Declaration::name).containsExactly("publish");
    }

    @Test
    void hooksOfThePageAreDeclaredWithoutProblems(@TempDir Path classes) throws Exception {
        Class<?> page = Page.atTheRoot("docs/hooks.md").compiled(classes);

        for (String declared : List.of("shop", "worker")) {
            DeploymentStrategy<?, ?> strategy =
                    (DeploymentStrategy<?, ?>) Page.method(page, declared).invoke(null, new FakeWorld().host());

            assertThat(strategy.problems()).isEmpty();
        }
    }

    @Test
    void fakeOfThePageTellsWhoGotTheUsers(@TempDir Path classes, @TempDir Path home) throws Exception {
        Class<?> page = Page.atTheRoot("docs/own-switcher.md").compiled(classes);
        FakeSwitcher fake = new FakeSwitcher();
        Target target = new Target(Colour.BLUE, "shop-1", URI.create("http://127.0.0.1:1"));
        fake.open("shop", home).switchTo(target, 1);

        assertThat((List<?>) Page.method(page, "whoGotTheUsers").invoke(null, fake))
                .hasSize(1)
                .first()
                .isEqualTo(target);
    }

    @Test
    void testsOnThePageOfTheTestkitAreThoseThatRun() throws Exception {
        String source =
                Files.readString(Path.of("src/test/java/dev/nonevent/pipeline/examples/ShopDeploymentTest.java"));
        List<String> quotes = Page.atTheRoot("docs/testkit.md").fences("java");

        assertThat(quotes)
                .hasSize(4)
                .allSatisfy(quote -> assertThat(words(source)).contains(words(quote)));
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", " ");
    }
}
