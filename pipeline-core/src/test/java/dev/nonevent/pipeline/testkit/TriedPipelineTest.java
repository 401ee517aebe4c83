package dev.nonevent.pipeline.testkit;

import static dev.nonevent.pipeline.definition.Condition.branchIs;
import static dev.nonevent.pipeline.gate.JUnitReports.junit;
import static dev.nonevent.pipeline.source.GitSource.git;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.run.InvalidRequestException;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TriedPipelineTest {

    @TempDir
    Path home;

    private static Pipeline delivery() {
        return Pipeline.define("shop", p -> {
            var source = p.stage("checkout").run(git(URI.create("https://git.example/shop.git")));
            var jar = p.stage("build").needs(source).run((ctx, tree) -> {
                ctx.exec("mvn", "-B", "package");
                return ctx.artifact("target/*.jar");
            });
            var unit = p.gate("unit tests")
                    .needs(source)
                    .check((ctx, tree) -> junit(ctx.tryExec("mvn", "-B", "test"), "target/*.xml"));
            p.stage("image").needs(jar).requires(unit).when(branchIs("main")).run((ctx, file) -> {
                ctx.exec("docker", "build", file.name());
                return file.name();
            });
        });
    }

    private PipelineTest shop() {
        PipelineTest test = PipelineTest.of(delivery()).in(home).branch("main");
        test.checkout("checkout", Map.of("src/A.java", "class A"));
        test.on("mvn", "-B", "package").prints("building").writes("target/shop.jar", "jar");
        test.on("mvn", "-B", "test").writes("target/a.xml", report("A", ""));
        test.onStartingWith("docker", "build");
        return test;
    }

    private static String report(String name, String failure) {
        return "<testsuite name='" + name + "' tests='1' failures='" + (failure.isEmpty() ? 0 : 1)
                + "' errors='0' skipped='0'><testcase classname='" + name + "' name='holds'>" + failure
                + "</testcase></testsuite>";
    }

    private PipelineTest small(Consumer<Scope> body) {
        return PipelineTest.of(Pipeline.define("small", body)).in(home);
    }

    @Test
    void whatCommandsDoDecidesHowTheRunEnds() throws Exception {
        TriedRun run = shop().run().passed();

        run.stage("image").passed();
        run.commands().containsInOrder("mvn -B package", "docker build shop.jar");
        assertThat(run.stage("build").commands().list())
                .containsExactly(new RanCommand("build", List.of("mvn", "-B", "package"), Path.of(""), Set.of()));
        assertThat(run.stage("build").log()).contains("building");
        assertThat(run.events()).last().isInstanceOf(RunEvent.RunEnded.class);
    }

    @Test
    void gateThatSaysNoKeepsWhatRequiresItFromStarting() throws Exception {
        PipelineTest test = shop();
        test.on("mvn", "-B", "test")
                .writes("target/a.xml", report("A", "<failure message='was 2'/>"))
                .exits(1);

        TriedRun run = test.run().didNotPass();

        run.stage("unit tests").blocked("1 of 1 test failed");
        run.stage("image").skipped("unit tests");
        run.commands().doesNotContain("docker");
    }

    @Test
    void onAnotherBranchTheImageIsNotMade() throws Exception {
        shop().branch("topic").run().passed().stage("image").skipped("the branch is main");
    }

    @Test
    void commandThatNobodyHasSpokenOfFailsItsStageAndNamesTheNearest() throws Exception {
        PipelineTest test = small(p -> p.stage("build").run(ctx -> ctx.exec("mvn", "-B", "pacakge")));
        test.on("mvn", "-B", "package");

        test.run()
                .stage("build")
                .failed(
                        "the test does not say what this command does: mvn -B pacakge",
                        "did you mean \"mvn -B package\"?");
    }

    @Test
    void infrastructureThatIsInTheWayOnceIsTriedAgainInNoTime() throws Exception {
        PipelineTest test = small(p -> p.stage("build").run(ctx -> ctx.exec("mvn")));
        test.on("mvn");
        test.on("mvn").cannotRun("the registry is down").times(1);

        TriedRun run = test.run().passed();

        assertThat(run.commands().list()).hasSize(2);
        assertThat(run.events()).hasAtLeastOneElementOfType(RunEvent.StageRetried.class);
    }

    @Test
    void timeIsTheTestsAndPassesWhenAllWait() throws Exception {
        PipelineTest test = small(p -> {
            p.stage("slow").run(ctx -> ctx.exec("soak", "8h"));
            p.stage("slower").timeout(ofHours(9)).run(ctx -> ctx.exec("soak", "10h"));
            p.stage("limited").run(ctx -> ctx.exec("soak", "1h"));
        });
        test.on("soak", "8h").takes(ofHours(8));
        test.on("soak", "10h").takes(ofHours(10));
        test.on("soak", "1h").takes(ofHours(1));

        TriedRun run = test.run();

        run.stage("slow").passed();
        run.stage("limited").passed();
        run.stage("slower").failed("timed out after 9h");
        assertThat(run.result().took()).isBetween(ofHours(9), ofHours(9).plusMinutes(1));
    }

    @Test
    void stageThatWaitsForAThreadOfItsOwnDoesNotStopTime() throws Exception {
        PipelineTest test = small(p -> p.stage("soak").timeout(ofHours(2)).run(ctx -> {
            Thread own = new Thread(() -> sleepAnHour(ctx.time()));
            own.start();
            own.join();
            return "soaked";
        }));

        TriedRun run = test.run().passed();

        assertThat(run.result().took()).isEqualTo(ofHours(1));
    }

    private static void sleepAnHour(TimeSource time) {
        try {
            time.sleep(ofHours(1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void workUnderWayIsNotOvertakenByTime() throws Exception {
        PipelineTest test = small(p -> {
            p.stage("busy").timeout(ofMinutes(1)).run(ctx -> {
                long sum = 0;
                for (int i = 0; i < 200_000_000; i++) {
                    sum += i ^ (sum >> 3);
                }
                return sum;
            });
            p.stage("sleepy").run(ctx -> ctx.exec("soak"));
        });
        test.on("soak").takes(ofHours(1));

        test.run().passed();
    }

    @Test
    void approvalIsGivenOrRejectedOrMissed() throws Exception {
        Consumer<Scope> body = p -> p.stage("go live").approvedBy("ops").run(ctx -> "live");

        small(body).approve("go live").run().passed();
        small(body)
                .reject("go live", "it is Friday")
                .run()
                .stage("go live")
                .blocked("rejected by the test: it is Friday");
        small(body).run().stage("go live").blocked("it says neither approve(\"go live\") nor reject(…)");
    }

    @Test
    void secretsAndParametersAreThoseOfTheTest() throws Exception {
        PipelineTest test = small(p -> {
            Secret token = p.secret("token");
            var region = p.parameter("region", String.class).required();
            p.stage("publish").env("TOKEN", token).run(ctx -> {
                ctx.exec("push", ctx.value(region));
                return ctx.reveal(token).length();
            });
        });
        test.on("push", "north").prints("with hunter2-hunter2");

        assertThatThrownBy(test::run)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(".secret(\"token\", …) of the test");
        TriedRun run = test.secret("token", "hunter2-hunter2")
                .parameter("region", "north")
                .run()
                .passed();

        assertThat(run.stage("publish").log()).contains("with ***token***");
        assertThat(run.commands().list().get(0).variables()).containsExactly("TOKEN");
    }

    @Test
    void valueIsAskedForByItsHandleAndWorkCanBeTheTests() throws Exception {
        AtomicReference<Stage<String>> made = new AtomicReference<>();
        PipelineTest test = small(p -> {
            var name = p.stage("name").run(ctx -> {
                throw new IllegalStateException("asks the world");
            });
            made.set(p.stage("greet").needs(name).run((ctx, who) -> "hello " + who));
        });

        TriedRun run = test.instead("name", ctx -> "you").run().passed();

        assertThat(run.value(made.get())).contains("hello you");
        run.stage(made.get()).passed();
        assertThatThrownBy(() -> test.instead("nam", ctx -> "me")).hasMessageContaining("did you mean \"name\"?");
    }

    @Test
    void expectationThatDoesNotHoldSaysWhatWas() throws Exception {
        PipelineTest test = small(p -> p.stage("build").run(ctx -> ctx.exec("mvn", "package")));
        test.onStartingWith("mvn").prints("no room").exits(3);

        TriedRun run = test.run();

        assertThatThrownBy(run::passed)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("build: FAILED, mvn package exited 3");
        assertThatThrownBy(() -> run.stage("build").passed())
                .hasMessage(
                        "\"build\" should be passed, but is FAILED: mvn package exited 3\n  | $ mvn package\n  | no room");
        assertThatThrownBy(() -> run.stage("build").failed("exited 4"))
                .hasMessageContaining("does not say \"exited 4\"");
        assertThatThrownBy(() -> run.stage("biuld")).hasMessageContaining("did you mean \"build\"?");
        assertThatThrownBy(() -> run.commands().containsInOrder("mvn", "docker"))
                .hasMessage("no command \"docker\" after \"mvn package\" was run; what was run:\n  build: mvn package");
        assertThatThrownBy(() -> run.commands().isEmpty()).hasMessageContaining("no command should have been run");
        assertThatThrownBy(() -> run.commands().doesNotContain("mvn")).hasMessageContaining("stage \"build\" has run");
    }

    @Test
    void commandHasItsTimeoutInTheTimeOfTheTest() throws Exception {
        PipelineTest test =
                small(p -> p.stage("build").timeout(Duration.ofSeconds(5)).run(ctx -> ctx.exec("mvn")));
        test.on("mvn").takes(ofHours(1));

        test.run().stage("build").failed("timed out after 5s");
    }
}
