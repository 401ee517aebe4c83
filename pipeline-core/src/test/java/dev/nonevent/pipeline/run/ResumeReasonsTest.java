package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.work.Parameter;
import dev.nonevent.pipeline.work.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Why a stage of a run that is gone on with runs again, or does not. */
@Timeout(60)
class ResumeReasonsTest {

    private static final String UNCHANGED = "not run again: passed at …, nothing it depends on has changed";

    record Jar(Artifact file) {}

    @TempDir
    Path home;

    @Test
    void aVariableThatHasChangedIsNamed() throws Exception {
        assertThat(decided(p -> build(p, "LEVEL", "1"), p -> build(p, "LEVEL", "2")))
                .containsEntry("build", "runs again: its variable LEVEL has changed");
        assertThat(decided(p -> build(p, "LEVEL", "1"), p -> build(p, "LEVEL", "1")))
                .containsEntry("build", UNCHANGED);
    }

    @Test
    void codeThatHasChangedIsNamed() throws Exception {
        assertThat(decided(FirstBuild::declare, FirstBuild::declare)).containsEntry("build", UNCHANGED);
        assertThat(decided(FirstBuild::declare, SecondBuild::declare))
                .hasEntrySatisfying(
                        "build",
                        why -> assertThat(why)
                                .startsWith("runs again: its code (")
                                .contains(
                                        "its code (FirstBuild.class) has changed",
                                        "its code (SecondBuild.class) has changed"));
    }

    @Test
    void everyOtherPartThatHasChangedIsNamed() throws Exception {
        assertThat(decided(
                        p -> p.stage("build")
                                .timeout(java.time.Duration.ofMinutes(1))
                                .run(ctx -> 1),
                        p -> p.stage("build")
                                .in(new FakeExecutor())
                                .service(new FakeService("db"))
                                .secret(p.secret("registry-token"))
                                .run(ctx -> 1)))
                .hasEntrySatisfying(
                        "build",
                        why -> assertThat(why)
                                .contains(
                                        "its timeout has changed",
                                        "its service db has changed",
                                        "the secrets it may read have changed"));
    }

    @Test
    void aParameterWhoseDefaultHasChangedIsNamedAndANewOneIsNot() throws Exception {
        assertThat(decided(
                        p -> {
                            Parameter<Integer> level =
                                    p.parameter("level", Integer.class).orElse(1);
                            p.stage("build").run(ctx -> ctx.value(level));
                        },
                        p -> {
                            Parameter<Integer> level =
                                    p.parameter("level", Integer.class).orElse(2);
                            p.stage("build").run(ctx -> ctx.value(level));
                        }))
                .containsEntry("build", "runs again: parameter level has changed");
        assertThat(decided(p -> p.stage("build").run(ctx -> 1), p -> {
                    var unused = p.parameter("level", Integer.class).orElse(2);
                    p.stage("build").run(ctx -> 1);
                }))
                .containsEntry("build", UNCHANGED);
    }

    @Test
    void aStageWhoseInputIsMadeAgainRunsAgainOnlyIfItIsAnother() throws Exception {
        assertThat(decided(p -> chain(p, "1", "jar"), p -> chain(p, "2", "jar")))
                .containsEntry("build", "runs again: its variable LEVEL has changed")
                .containsEntry("image", UNCHANGED);
        assertThat(decided(p -> chain(p, "1", "jar"), p -> chain(p, "2", "other jar")))
                .containsEntry("image", "runs again: build, which it needs, has run again and gave another value");
    }

    @Test
    void aStageThatComesAfterOrRequiresWhatRunsAgainRunsAgain() throws Exception {
        Consumer<Scope> before = p -> ordered(p, "1");
        Consumer<Scope> now = p -> ordered(p, "2");

        assertThat(decided(before, now))
                .containsEntry("migrate", "runs again: its variable LEVEL has changed")
                .containsEntry("warm up", "runs again: migrate, which it comes after, has run again");
    }

    @Test
    void aValueThatIsNoDataIsMadeAgainAndWhatNeedsItRunsAgain() throws Exception {
        Consumer<Scope> shop = p -> {
            Stage<StringBuilder> text = p.stage("text").run(ctx -> new StringBuilder("a"));
            p.stage("length").needs(text).run((ctx, made) -> made.length());
        };

        assertThat(decided(shop, shop))
                .containsEntry("text", "runs again: its value was not kept: it is java.lang.StringBuilder")
                .containsEntry("length", "runs again: text, which it needs, has run again and gave another value");
    }

    @Test
    void aValueThatHoldsASecretIsNowhereAndIsMadeAgain() throws Exception {
        Consumer<Scope> shop = p -> {
            var token = p.secret("registry-token");
            p.stage("login").secret(token).run(ctx -> "session " + ctx.reveal(token));
        };

        assertThat(decided(shop, shop)).containsEntry("login", "runs again: its value was not kept: it holds a secret");
        try (var files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(file).content().doesNotContain("hunter2-hunter2");
            }
        }
    }

    @Test
    void anArtifactThatTheStoreHasLostIsMadeAgain() throws Exception {
        Consumer<Scope> shop = p -> p.stage("build").run(ctx -> {
            Files.writeString(ctx.workspace().resolve("app.jar"), "jar");
            return new Jar(ctx.artifact("app.jar"));
        });
        RunResult failed = run(shop);
        try (var files = Files.walk(home.resolve("artifacts").resolve("files"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }

        assertThat(resumed(failed, shop))
                .hasEntrySatisfying(
                        "build",
                        why -> assertThat(why)
                                .matches(
                                        "runs again: app\\.jar \\(sha256 [0-9a-f]{64}\\) is not in the artifact store any more"));
    }

    @Test
    void aDeploymentThatHasPassedIsNotMadeAgain() throws Exception {
        FakeStrategy<String> strategy = FakeStrategy.of("shop", String.class);
        Consumer<Scope> shop = p -> {
            Stage<String> jar = p.stage("build").run(ctx -> "jar");
            p.stage("deploy").needs(jar).withoutGates("a test").deploy(strategy);
        };

        assertThat(decided(shop, shop)).containsEntry("deploy", UNCHANGED);
        assertThat(strategy.asked().stream().filter(asked -> asked.startsWith("deploy")))
                .hasSize(1);
    }

    @Test
    void parametersAreThoseOfTheFirstProcessAndOnesWithASecretCannotBeGoneOnWith() throws Exception {
        List<String> seen = new ArrayList<>();
        Consumer<Scope> shop = p -> {
            var unused = p.secret("registry-token");
            Parameter<String> env = p.parameter("env", String.class).orElse("staging");
            p.stage("build").run(ctx -> 1);
            p.stage("fails").run(ctx -> {
                seen.add(ctx.value(env) + " " + ctx.trigger().branch().orElse(""));
                throw new IllegalStateException("no");
            });
        };
        RunRequest request = RunRequest.of(Trigger.manual().onBranch("main")).with("env", "production");
        RunResult failed = new Bench(runner()).run(request, shop);
        resumed(failed, shop);

        assertThat(seen).containsExactly("production main", "production main");

        RunResult withSecret =
                new Bench(runner()).run(RunRequest.of(Trigger.manual()).with("env", "hunter2-hunter2"), shop);
        assertThatThrownBy(() -> resumed(withSecret, shop))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("was given --env with a secret in it");
    }

    @Test
    void aRunOfAnotherPipelineIsRefused() throws Exception {
        RunResult failed = run(p -> p.stage("build").run(ctx -> 1));
        Plan other = Plan.of(Pipeline.define("kiosk", p -> p.stage("build").run(ctx -> 1)));

        assertThatThrownBy(() -> runner().resume(other, new RunId(failed.id())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("run " + failed.id() + " is of pipeline \"shop\"");
    }

    private static void build(Scope p, String name, String value) {
        p.stage("build").env(name, value).run(ctx -> 1);
    }

    private static void chain(Scope p, String level, String value) {
        Stage<List<String>> jar = p.stage("build").env("LEVEL", level).run(ctx -> List.of(value));
        p.stage("image").needs(jar).run((ctx, made) -> made.size());
    }

    private static void ordered(Scope p, String level) {
        Stage<Integer> migrate = p.stage("migrate").env("LEVEL", level).run(ctx -> 1);
        p.stage("warm up").after(migrate).run(ctx -> 1);
    }

    /** What each stage says when a run of the first pipeline, whose last stage fails, is gone on with by the second. */
    private Map<String, String> decided(Consumer<Scope> before, Consumer<Scope> now) throws Exception {
        return resumed(run(before), now);
    }

    private RunResult run(Consumer<Scope> shop) throws Exception {
        RunResult failed = new Bench(runner()).run(failing(shop));
        assertThat(failed.outcome().hasPassed()).isFalse();
        return failed;
    }

    private Map<String, String> resumed(RunResult failed, Consumer<Scope> now) throws Exception {
        Bench bench = new Bench(runner());
        bench.resume(new RunId(failed.id()), failing(now));
        return bench.heard.all(RunEvent.StageDecided.class).stream()
                .collect(Collectors.toMap(
                        RunEvent.StageDecided::stage, decided -> decided.why().replaceAll("[0-9-]+ [0-9:]+ UTC", "…")));
    }

    private static Consumer<Scope> failing(Consumer<Scope> shop) {
        return p -> {
            shop.accept(p);
            p.stage("the end").run(ctx -> {
                throw new IllegalStateException("not yet");
            });
        };
    }

    private PipelineRunner runner() {
        return PipelineRunner.in(home)
                .executor(new FakeExecutor())
                .secrets(SecretSource.environment(Map.of("REGISTRY_TOKEN", "hunter2-hunter2")));
    }
}
