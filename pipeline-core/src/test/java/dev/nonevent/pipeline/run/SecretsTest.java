package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A secret reaches the stage it was given to, and nobody's eyes. */
@Timeout(60)
class SecretsTest {

    private static final String VALUE = "hunter2-correct-horse";

    @TempDir
    Path home;

    @Test
    void aSecretPrintedByACommandIsMaskedInLogAndEvents() throws Exception {
        Bench bench = run(p -> {
            Secret token = p.secret("token");
            p.stage("build")
                    .env("TOKEN", token)
                    .run(ctx ->
                            ctx.exec("sh", "-c", "printf 'a %s b' \"$TOKEN\"; echo; printf %s \"$TOKEN\" | base64"));
        });

        assertThat(bench.heard.lines()).contains("a ***token*** b");
        assertThat(everything(bench)).doesNotContain(VALUE).doesNotContain(base64(VALUE));
    }

    @Test
    void aSecretInOwnLinesIsMasked() throws Exception {
        Bench bench = run(p -> {
            Secret token = p.secret("token");
            p.stage("build").secret(token).run(ctx -> {
                ctx.log("login with " + ctx.reveal(token));
                return 1;
            });
        });

        assertThat(bench.heard.lines()).containsExactly("login with ***token***");
        assertThat(everything(bench)).doesNotContain(VALUE);
    }

    @Test
    void aSecretInArgumentsIsRefusedWithTheWayOutAndNothingIsStarted() throws Exception {
        Bench bench = run(p -> {
            Secret token = p.secret("token");
            p.stage("plain")
                    .secret(token)
                    .run(ctx -> ctx.exec("touch", ctx.home().resolve("ran").toString(), "-r=" + ctx.reveal(token)));
            p.gate("encoded").secret(token).check(ctx -> {
                ctx.tryExec("curl", "-H", "Authorization: Basic " + base64("ci:" + ctx.reveal(token)));
                return Verdict.pass("logged in");
            });
        });

        assertThat(bench.heard.end("plain").outcome()).isInstanceOf(Outcome.Failed.class);
        assertThat(bench.heard.end("plain").outcome().sentence())
                .isEqualTo("secret \"token\" is in the arguments of touch, which every process of the machine can"
                        + " read: give it in a variable with .env(\"NAME\", secret) where the stage is declared,"
                        + " or as a file with ctx.secretFile(secret)");
        assertThat(bench.heard.end("encoded").outcome().sentence()).startsWith("secret \"token\" is in the arguments");
        assertThat(home.resolve("ran")).doesNotExist();
    }

    @Test
    void aCommandThatAsksSomethingIsReadThoughItsWordsMayBeginASecret() throws Exception {
        Bench bench = bench();
        Run run = bench.start(p -> {
            Secret token = p.secret("token");
            p.stage("ask")
                    .secret(token)
                    .run(ctx -> ctx.exec(
                            "sh",
                            "-c",
                            "printf 'ask: hunt'; while [ ! -e '" + home + "/read' ]; do sleep 0.02; done; printf '"
                                    + "er2-correct-horse.'"));
        });
        Path log = home.resolve("runs").resolve(run.id().value()).resolve("logs/ask.log");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.exists(log) || !Files.readString(log).endsWith("ask: hunt")) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }

        Files.createFile(home.resolve("read"));

        assertThat(run.await().outcome().hasPassed()).isTrue();
        assertThat(bench.heard.lines()).endsWith("ask: hunt***token***.");
    }

    @Test
    void aSecretInExceptionsWithTheirCausesIsMasked() throws Exception {
        Bench bench = run(p -> {
            Secret token = p.secret("token");
            p.stage("build").secret(token).run(ctx -> {
                IllegalStateException cause = new IllegalStateException("401 for " + ctx.reveal(token));
                cause.addSuppressed(new IllegalStateException("also " + ctx.reveal(token)));
                throw new IllegalArgumentException("no login", cause);
            });
        });

        Throwable thrown = bench.heard
                .end("build")
                .outcome()
                .failed()
                .orElseThrow()
                .cause()
                .orElseThrow();
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString())
                .contains("401 for ***token***")
                .contains("also ***token***")
                .contains("SecretsTest.java")
                .doesNotContain(VALUE);
    }

    @Test
    void aSecretInAVerdictAndTheLastLinesOfACommandIsMasked() throws Exception {
        Bench bench = run(p -> {
            Secret token = p.secret("token");
            p.gate("verdict")
                    .secret(token)
                    .check(ctx -> Verdict.block("found " + ctx.reveal(token), List.of("in line " + ctx.reveal(token))));
            p.stage("command").env("TOKEN", token).run(ctx -> ctx.exec("sh", "-c", "echo $TOKEN; exit 3"));
        });

        assertThat(bench.heard.end("verdict").outcome().sentence()).isEqualTo("found ***token***");
        assertThat(bench.heard.end("command").outcome().failed().orElseThrow().details())
                .containsExactly("***token***");
        assertThat(everything(bench)).doesNotContain(VALUE);
    }

    @Test
    void aSecretInAHooksFailureIsMasked() throws Exception {
        Bench bench = run(p -> {
            Secret token = p.secret("token");
            p.stage("build").secret(token).run(ctx -> 1);
            p.onFinish(run -> {
                throw new IllegalStateException("https://hooks.example/" + VALUE);
            });
        });

        assertThat(bench.heard.notes())
                .singleElement()
                .satisfies(note -> assertThat(note).contains("***token***").doesNotContain(VALUE));
    }

    @Test
    void aSecretInAConditionsFailureIsMasked() throws Exception {
        Bench bench = bench();
        RunResult result = bench.run(p -> {
            Secret token = p.secret("token");
            p.stage("build")
                    .secret(token)
                    .when(Condition.of("somebody says so", facts -> {
                        throw new IllegalStateException("no answer for " + VALUE);
                    }))
                    .run(ctx -> 1);
        });

        assertThat(result.outcome()).isInstanceOf(Outcome.Errored.class);
        assertThat(result.toString()).contains("no answer for ***token***").doesNotContain(VALUE);
        assertThat(result.outcomes().toString()).doesNotContain(VALUE);
        assertThat(everything(bench)).doesNotContain(VALUE);
    }

    @Test
    void aSecretInAListenersFailureIsMasked() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            new Bench(runner().listener(event -> {
                        throw new IllegalStateException("cannot tell " + VALUE);
                    }))
                    .run(p -> p.stage("build").secret(p.secret("token")).run(ctx -> 1));
        } finally {
            System.setErr(before);
        }

        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("cannot tell ***token***")
                .doesNotContain(VALUE);
    }

    @Test
    void aSecretIsGivenToACommandAsAFileThatOnlyThisUserReadsAndThatIsGoneAfterTheStage() throws Exception {
        AtomicReference<Path> file = new AtomicReference<>();
        Bench bench = run(p -> {
            Secret token = p.secret("token");
            p.stage("build").secret(token).run(ctx -> {
                file.set(ctx.secretFile(token));
                assertThat(ctx.secretFile(token)).isEqualTo(file.get());
                assertThat(Files.getPosixFilePermissions(file.get()))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
                assertThat(Files.getPosixFilePermissions(file.get().getParent()))
                        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
                return ctx.exec(
                        "sh",
                        "-c",
                        "wc -c < \"$1\"; cat \"$1\"",
                        "sh",
                        file.get().toString());
            });
        });

        assertThat(bench.heard.end("build").outcome().hasPassed()).isTrue();
        assertThat(bench.heard.lines()).endsWith(String.valueOf(VALUE.length()), "***token***");
        assertThat(file.get().startsWith(home)).isFalse();
        assertThat(file.get().getParent()).doesNotExist();
        assertThat(everything(bench)).doesNotContain(VALUE);
    }

    @Test
    void aCommandThatCannotReadThisMachineGetsNoFileButTheWayOut() throws Exception {
        Bench bench = new Bench(runner().executor(new FakeExecutor()));
        bench.run(p -> {
            Secret token = p.secret("token");
            p.stage("build").secret(token).run(ctx -> ctx.secretFile(token).toString());
            p.stage("nosy").run(ctx -> ctx.secretFile(token).toString());
        });

        assertThat(bench.heard.end("build").outcome().sentence())
                .isEqualTo("stage \"build\": a command in a fake cannot read a file of this machine: give it secret"
                        + " \"token\" in a variable with .env(\"NAME\", secret)");
        assertThat(bench.heard.end("nosy").outcome().sentence()).contains("was not given secret \"token\"");
    }

    @Test
    void aStageThatWasNotGivenASecretCannotRevealIt() throws Exception {
        Bench bench = run(p -> {
            Secret token = p.secret("token");
            p.stage("nosy").run(ctx -> ctx.reveal(token));
        });

        assertThat(bench.heard.end("nosy").outcome()).isInstanceOf(Outcome.Failed.class);
        assertThat(bench.heard.end("nosy").outcome().sentence())
                .isEqualTo("stage \"nosy\" was not given secret \"token\": say .secret(…) where it is declared");
    }

    private Bench run(Consumer<Scope> body) throws InterruptedException {
        Bench bench = bench();
        bench.run(body);
        return bench;
    }

    private Bench bench() {
        return new Bench(runner());
    }

    private PipelineRunner runner() {
        return PipelineRunner.in(home)
                .executor(LocalExecutor.local())
                .secrets(SecretSource.environment(Map.of("TOKEN", VALUE)));
    }

    /** All that was told and all that was written. */
    private String everything(Bench bench) throws Exception {
        StringBuilder all = new StringBuilder();
        for (RunEvent event : bench.heard.events()) {
            all.append(event).append('\n');
        }
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
