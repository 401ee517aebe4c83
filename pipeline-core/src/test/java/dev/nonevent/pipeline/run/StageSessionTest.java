package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.Session;
import dev.nonevent.pipeline.executor.SessionRequest;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.SecretSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a stage's session is opened and closed, and what it means that it cannot be. */
@Timeout(60)
class StageSessionTest {

    @TempDir
    Path home;

    private final Sessions sessions = new Sessions();

    @Test
    void aStageOpensItsSessionWithItsFirstCommandAndClosesItAtItsEnd() throws Exception {
        run(p -> p.stage("build").run(ctx -> {
            sessions.heard.add("begun");
            ctx.exec("say", "one");
            return ctx.exec("say", "two").exitCode();
        }));

        assertThat(sessions.heard).containsExactly("begun", "open build", "say one", "say two", "close build");
    }

    @Test
    void aStageWithoutACommandOpensNothing() throws Exception {
        run(p -> p.stage("build").run(ctx -> 1));

        assertThat(sessions.heard).isEmpty();
    }

    @Test
    void theWorkspaceIsStillThereWhenTheSessionIsClosed() throws Exception {
        RunResult result = run(p -> p.stage("build").run(ctx -> ctx.exec("say", "one")));

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(sessions.workspaceAtTheEnd).containsExactly(true);
    }

    @Test
    void eachStageHasASessionOfItsOwnAndAllOfARunShareTheirPins() throws Exception {
        run(p -> {
            var first = p.stage("first").run(ctx -> ctx.exec("pin", "1").exitCode());
            p.stage("second").needs(first).run((ctx, code) -> ctx.exec("pin", "2"));
        });
        run(p -> p.stage("third").run(ctx -> ctx.exec("pin", "3")));

        assertThat(sessions.heard)
                .containsExactly(
                        "open first",
                        "pinned to 1",
                        "close first",
                        "open second",
                        "pinned to 1",
                        "close second",
                        "open third",
                        "pinned to 3",
                        "close third");
    }

    @Test
    void aStageThatFailsClosesItsSession() throws Exception {
        RunResult result = run(p -> p.stage("build").run(ctx -> ctx.exec("exit", "1")));

        assertThat(result.outcome()).isInstanceOf(Outcome.Failed.class);
        assertThat(sessions.heard).containsExactly("open build", "exit 1", "close build");
    }

    @Test
    void theCleanupStillHasTheSession() throws Exception {
        run(p -> p.stage("build").cleanup(ctx -> ctx.exec("say", "tidy")).run(ctx -> ctx.exec("exit", "1")));

        assertThat(sessions.heard).containsExactly("open build", "exit 1", "say tidy", "close build");
    }

    @Test
    void aCleanupMayBeTheFirstToWantASession() throws Exception {
        run(p -> p.stage("build").cleanup(ctx -> ctx.exec("say", "tidy")).run(ctx -> 1));

        assertThat(sessions.heard).containsExactly("open build", "say tidy", "close build");
    }

    @Test
    void aStageThatTakesTooLongClosesItsSessionAfterItsCleanup() throws Exception {
        RunResult result = run(p -> p.stage("build")
                .timeout(Duration.ofMillis(200))
                .cleanup(ctx -> ctx.exec("say", "tidy"))
                .run(ctx -> ctx.exec("wait")));

        assertThat(result.outcome().sentence()).contains("timed out after 0.2s");
        assertThat(sessions.heard).containsExactly("open build", "wait", "say tidy", "close build");
    }

    @Test
    void aStageThatIsCancelledClosesItsSession() throws Exception {
        Run run = bench().start(p -> p.stage("build").run(ctx -> ctx.exec("wait")));
        sessions.waiting.await();

        run.cancel("enough");

        assertThat(run.await().outcome()).isEqualTo(new Outcome.Aborted("enough"));
        assertThat(sessions.heard).containsExactly("open build", "wait", "close build");
    }

    @Test
    void aSessionThatCannotBeClosedIsAnErrorOfAStageThatPassed() throws Exception {
        sessions.left = "container 4f may still be running";
        Bench bench = bench();

        RunResult result = bench.run(p -> p.stage("build").run(ctx -> ctx.exec("say", "one")));

        assertThat(result.outcomes().get("build"))
                .isInstanceOfSatisfying(
                        Outcome.Errored.class,
                        end -> assertThat(end.sentence()).isEqualTo("container 4f may still be running"));
        assertThat(bench.heard.lines()).last().isEqualTo("container 4f may still be running");
    }

    @Test
    void aSessionThatCannotBeClosedIsSaidBesideWhatWentWrong() throws Exception {
        sessions.left = "container 4f may still be running";

        RunResult failed = run(p -> p.stage("build").run(ctx -> ctx.exec("exit", "1")));
        RunResult blocked = run(p -> p.gate("lint").check(ctx -> {
            ctx.exec("say", "one");
            return Verdict.block("12 findings", List.of());
        }));

        assertThat(failed.outcomes().get("build")).isInstanceOfSatisfying(Outcome.Failed.class, end -> {
            assertThat(end.sentence()).isEqualTo("exit 1 exited 1");
            assertThat(end.failure().details()).containsExactly("last words", "container 4f may still be running");
        });
        assertThat(blocked.outcomes().get("lint")).isInstanceOfSatisfying(Outcome.Blocked.class, end -> {
            assertThat(end.sentence()).isEqualTo("12 findings");
            assertThat(end.failure().details()).containsExactly("container 4f may still be running");
        });
    }

    @Test
    void aSecretInTheWordsOfASessionThatCannotBeClosedIsMasked() throws Exception {
        sessions.left = "token hunter2hunter2 was refused";
        Bench bench = new Bench(PipelineRunner.in(home)
                .executor(sessions)
                .secrets(SecretSource.environment(Map.of("TOKEN", "hunter2hunter2"))));

        RunResult result = bench.run(p -> {
            var token = p.secret("token");
            p.stage("build").secret(token).run(ctx -> ctx.exec("say", "one"));
        });

        assertThat(result.outcomes().get("build").sentence()).isEqualTo("token ***token*** was refused");
        assertThat(bench.heard.lines()).last().isEqualTo("token ***token*** was refused");
    }

    private RunResult run(Consumer<Scope> body) throws InterruptedException {
        return bench().run(body);
    }

    private Bench bench() {
        return new Bench(PipelineRunner.in(home).executor(sessions));
    }

    /** Remembers what becomes of its sessions; {@code wait} waits until it is interrupted, {@code pin X} pins a name. */
    private static final class Sessions implements CommandExecutor {

        private final FakeExecutor commands = new FakeExecutor();
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final List<Boolean> workspaceAtTheEnd = new CopyOnWriteArrayList<>();
        private final CountDownLatch waiting = new CountDownLatch(1);
        private String left = "";

        @Override
        public CommandResult run(Command command, CommandOutput output) {
            throw new AssertionError("a stage's commands run in its session, not " + command.line());
        }

        @Override
        public String description() {
            return "sessions";
        }

        @Override
        public Session open(SessionRequest request) {
            String name = request.workspace().getFileName().toString();
            heard.add("open " + name);
            return new Session() {
                @Override
                public CommandResult run(Command command, CommandOutput output) throws InterruptedException {
                    String program = command.argv().get(0);
                    if (program.equals("pin")) {
                        heard.add("pinned to "
                                + request.pins().pin("tag", command.argv().get(1)));
                        return commands.run(Command.of(command.directory(), "say", "pinned"), output);
                    }
                    heard.add(command.line());
                    if (program.equals("wait")) {
                        waiting.countDown();
                        new CountDownLatch(1).await();
                    }
                    return commands.run(command, output);
                }

                @Override
                public void close() {
                    heard.add("close " + name);
                    workspaceAtTheEnd.add(Files.isDirectory(request.workspace()));
                    if (!left.isEmpty()) {
                        throw new InfrastructureException(left);
                    }
                }
            };
        }
    }
}
