package dev.nonevent.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.secret.SecretSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PipelineMainTest {

    enum Env {
        STAGING,
        PRODUCTION
    }

    private final Screen screen = new Screen();
    private final List<Object> seen = new ArrayList<>();
    private final FakeStrategy<String> shop = FakeStrategy.of("shop", String.class);

    @TempDir
    Path home;

    @Test
    void aRunThatPassesEndsWith0AndSaysSoOnTheOutput() {
        assertThat(run(p ->
                        p.stage("build").run(ctx -> ctx.exec("echo", "hello").line())))
                .isZero();

        assertThat(out()).matches("shop [-0-9]+: passed\n");
        assertThat(err()).contains("● build  started", "  │ hello\n", "✔ build  passed", " (wall clock, ");
    }

    @Test
    void aGateThatBlocksEndsWith1() {
        assertThat(run(p -> p.gate("unit tests").check(ctx -> Verdict.block("3 of 41 failed"))))
                .isEqualTo(1);

        assertThat(out()).endsWith(": BLOCKED, unit tests: 3 of 41 failed\n");
        assertThat(err()).contains("BLOCKED by unit tests", "PipelineMainTest.java:");
    }

    @Test
    void workThatFailsEndsWith1() {
        assertThat(run(p -> p.stage("build").run(ctx -> ctx.exec("false").line())))
                .isEqualTo(1);

        assertThat(err()).contains("FAILED by build", "false exited 1");
    }

    @Test
    void aProgramThatIsNotThereEndsWith2() {
        assertThat(run(p -> p.stage("build")
                        .run(ctx -> ctx.exec("no-such-program-anywhere").line())))
                .isEqualTo(2);

        assertThat(err()).contains("ERRORED by build");
    }

    @Test
    void anInterruptStopsTheRunAndEndsWith3() {
        Thread caller = Thread.currentThread();

        int code = run(p -> p.stage("wait").run(ctx -> {
            caller.interrupt();
            return ctx.exec("sleep", "60").line();
        }));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(code).isEqualTo(3);
        assertThat(err()).contains("wait  ABORTED");
    }

    @Test
    void anInvalidPipelineEndsWith64WhateverIsAsked() {
        for (String[] arguments : List.of(new String[0], new String[] {"plan"}, new String[] {"--help"})) {
            assertThat(run(p -> p.stage("a/b").run(ctx -> 1), arguments)).isEqualTo(64);
        }

        assertThat(err()).contains("pipeline \"shop\" is not valid:\n  - stage \"a/b\" must not contain");
        assertThat(out()).isEmpty();
    }

    @Test
    void parametersAreGivenByName() {
        assertThat(run(parameters(), "--env=production", "--jdk=21", "--flag=yes"))
                .isZero();

        assertThat(seen).containsExactly(Env.PRODUCTION, 21, true);
    }

    @Test
    void theCommandRunIsTheSameAsNoCommand() {
        assertThat(run(parameters(), "run", "--jdk", "21")).isZero();

        assertThat(seen).containsExactly(Env.STAGING, 21, false);
    }

    @Test
    void everyWrongParameterIsNamedAtOnceAndNothingRuns() {
        assertThat(run(parameters(), "--env=prod", "--jdk=x")).isEqualTo(64);

        assertThat(err())
                .contains("pipeline \"shop\" cannot start:")
                .contains("--env: \"prod\" is not one of staging, production")
                .contains("--jdk: \"x\" is not a whole number");
        assertThat(seen).isEmpty();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void aMissingParameterAndAMissingSecretAreNamed() {
        int code = screen.main(home, p -> {
                    var token = p.secret("registry-token");
                    var jdk = p.parameter("jdk", Integer.class).required();
                    p.stage("a").secret(token).run(ctx -> ctx.value(jdk));
                })
                .secrets(SecretSource.environment(Map.of()))
                .run();

        assertThat(code).isEqualTo(64);
        assertThat(err()).contains("--jdk is missing", "environment variable REGISTRY_TOKEN");
    }

    @Test
    void anUnknownOptionEndsWith64AndAHint() {
        assertThat(run(parameters(), "--jkd=21")).isEqualTo(64);

        assertThat(err()).contains("Unknown option: '--jkd=21'; did you mean \"--jdk\"?", "--help shows what there is");
        assertThat(seen).isEmpty();
    }

    @Test
    void anUnknownCommandEndsWith64AndTheNearest() {
        assertThat(run(parameters(), "rolback")).isEqualTo(64);

        assertThat(err()).contains("'rolback'; did you mean \"rollback\"?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--env=\u001b[2J\u202e",
                "--\u001b[2J",
                "\u0000",
                "@/etc/passwd",
                "--branch",
                "--branch= ",
                "--console=loud",
                "-qq",
                "-x",
                "--format=json",
                "--",
                "${sys:user.home}",
                "--jdk=1|--jdk=2",
                "--branch=a|plan",
                "plan|--format=yaml",
                "plan|x",
                "history|--last=0",
                "history|--last=x",
                "rollback|shop|x",
                "rollback|other",
                "pause|--full",
                "pause|shop|x",
                "promote|--ful",
                "promote|--full=soon",
                "abort|shop|shop",
                "retry|other",
                "abort|--full"
            })
    void hostileArgumentsEndWith64AndDriveNothing(String arguments) {
        int code = run(
                p -> {
                    parameters().accept(p);
                    deploy(p);
                },
                arguments.split("\\|"));

        assertThat(code).as(err()).isEqualTo(64);
        assertThat(out()).isEmpty();
        assertThat(err()).isNotBlank().doesNotContain("\u001b", "\u202e", "\u0000", "root:");
        assertThat(seen).isEmpty();
        assertThat(shop.asked()).isEmpty();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void theHelpShowsEveryParameterWithItsTypeAndDefault() {
        assertThat(run(parameters(), "--help")).isZero();

        assertThat(out())
                .contains("Usage: shop")
                .containsPattern("--env=VALUE +one of staging, production; staging if not given")
                .containsPattern("--jdk=VALUE +a whole number from .*; must be given")
                .containsPattern("--flag=VALUE +true or false; false if not given")
                .contains("rollback", "pause", "promote", "abort", "retry", "Exit codes:", "64");
        assertThat(err()).isEmpty();
    }

    @Test
    void theHelpShowsADefaultAsItIsAndNotWhatItCouldStandFor() {
        int code = run(
                p -> {
                    var it = p.parameter("it", String.class).orElse("100% ${sys:user.home} ${env:HOME}");
                    p.stage("a").run(ctx -> ctx.value(it));
                },
                "run",
                "--help");

        assertThat(code).isZero();
        assertThat(out().replaceAll("\\s+", " ")).contains("text; 100% ${sys:user.home} ${env:HOME} if not given");
    }

    @Test
    void aParameterCannotHaveANameThatIsOurs() {
        assertThat(run(p -> {
                    var branch = p.parameter("branch", String.class).orElse("main");
                    p.stage("a").run(ctx -> ctx.value(branch));
                }))
                .isEqualTo(64);

        assertThat(err()).contains("--branch", "give it another name");
    }

    @Test
    void theBranchReachesTheRun() {
        assertThat(run(
                        p -> p.stage("a")
                                .run(ctx -> seen.add(ctx.trigger().branch().orElseThrow())),
                        "--branch",
                        "topic"))
                .isZero();

        assertThat(seen).containsExactly("topic");
    }

    @Test
    void quietShowsTheTableAndNotTheLines() {
        assertThat(run(
                        p -> p.stage("build")
                                .run(ctx -> ctx.exec("echo", "hello").line()),
                        "-q"))
                .isZero();

        assertThat(err()).doesNotContain("hello", "started").contains(" build  passed");
    }

    @Test
    void richIsRedrawnOnlyIfAskedForHere() {
        assertThat(run(p -> p.stage("build").run(ctx -> 1), "--console=rich")).isZero();
        assertThat(err()).contains("\u001b[");

        screen.clear();
        assertThat(run(p -> p.stage("build").run(ctx -> 1))).isZero();
        assertThat(err()).doesNotContain("\u001b[");
    }

    private Consumer<Scope> parameters() {
        return p -> {
            var env = p.parameter("env", Env.class).orElse(Env.STAGING);
            var jdk = p.parameter("jdk", Integer.class).required();
            var flag = p.parameter("flag", Boolean.class).orElse(false);
            p.stage("look").timeout(Duration.ofSeconds(30)).run(ctx -> {
                seen.addAll(List.of(ctx.value(env), ctx.value(jdk), ctx.value(flag)));
                return 1;
            });
        };
    }

    private void deploy(Scope p) {
        var build = p.stage("build").run(ctx -> "jar");
        var tests = p.gate("tests").needs(build).check((ctx, jar) -> Verdict.pass("1 test"));
        p.stage("deploy").needs(build).requires(tests).deploy(shop);
    }

    private int run(Consumer<Scope> body, String... arguments) {
        return screen.main(home, body).run(arguments);
    }

    private String out() {
        return screen.out();
    }

    private String err() {
        return screen.err();
    }
}
