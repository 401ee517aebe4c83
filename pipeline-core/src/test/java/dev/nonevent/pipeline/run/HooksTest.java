package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.definition.Hook;
import dev.nonevent.pipeline.definition.HookContext;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HooksTest {

    @TempDir
    Path home;

    private static final SecretSource HUNTER = SecretSource.environment(Map.of("TOKEN", "hunter2!"));

    private final List<String> called = new ArrayList<>();

    @Test
    void hooksFollowTheWayARunEnded() throws Exception {
        run(true);
        run(false);
        run(false);
        run(true);

        assertThat(called)
                .containsExactly(
                        "finish passed",
                        "success",
                        "finish FAILED",
                        "failure",
                        "regression",
                        "finish FAILED",
                        "failure",
                        "finish passed",
                        "success",
                        "fixed");
    }

    @Test
    void aRunThatWasStoppedCallsOnAbortedAndIsNoWordAboutTheCode() throws Exception {
        run(false);
        called.clear();
        CountDownLatch running = new CountDownLatch(1);
        Run stopped = new Bench(home)
                .start(hooks(p -> p.stage("build").run(ctx -> {
                    running.countDown();
                    new CountDownLatch(1).await();
                    return 1;
                })));
        running.await();
        stopped.cancel("enough");
        stopped.await();
        run(true);

        assertThat(called).containsExactly("finish ABORTED", "aborted", "finish passed", "success", "fixed");
    }

    @Test
    void aHookAsksByHandleWhatCameOut() throws Exception {
        List<Object> values = new ArrayList<>();

        new Bench(home).run(p -> {
            Stage<String> live = p.stage("deploy").run(ctx -> "green");
            p.onFinish(run -> values.add(run.value(live).orElseThrow() + " " + run.firstProblem()));
        });

        assertThat(values).containsExactly("green nothing");
    }

    @Test
    void aHookRevealsTheSecretsItNamesAndMasksWhatItTells() throws Exception {
        Bench bench =
                new Bench(PipelineRunner.in(home).executor(new FakeExecutor()).secrets(HUNTER));
        Secret token = new Secret("token");

        bench.run(p -> {
            p.stage("build").run(ctx -> 1);
            p.onFinish(new Hook.Action() {
                @Override
                public void after(HookContext run) {
                    called.add(run.when() + " " + run.reveal(token).length() + " " + run.masked("it is hunter2!"));
                    called.add(run.outcomes().keySet() + " " + run.commit());
                }

                @Override
                public Set<Secret> secrets() {
                    return Set.of(token);
                }
            });
            p.onFinish(run -> run.reveal(token));
        });

        assertThat(called).containsExactly("onFinish 8 it is ***token***", "[build] Optional.empty");
        assertThat(bench.heard.notes())
                .singleElement()
                .satisfies(note -> assertThat(note).contains("secret \"token\" is not one of onFinish"));
    }

    @Test
    void aSecretOfAHookThatIsMissingStopsTheRunBeforeAnythingRuns() {
        Hook.Action action = new Hook.Action() {
            @Override
            public void after(HookContext run) {}

            @Override
            public Set<Secret> secrets() {
                return Set.of(new Secret("slack-webhook"));
            }
        };

        assertThatThrownBy(() -> new Bench(home).run(p -> {
                    p.stage("build").run(ctx -> called.add("built"));
                    p.onFinish(action);
                }))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("secret \"slack-webhook\" is missing");
        assertThat(called).isEmpty();
    }

    @Test
    void aHookThatFailsIsANoteAndTheOthersAreCalled() throws Exception {
        Bench bench = new Bench(home);

        RunResult result = bench.run(p -> {
            p.stage("build").run(ctx -> 1);
            p.onFinish(run -> {
                throw new IOException("slack is down");
            });
            p.onFinish(run -> called.add("second"));
        });

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(bench.heard.notes())
                .singleElement()
                .satisfies(note ->
                        assertThat(note).startsWith("onFinish (HooksTest.java:").contains("slack is down"));
        assertThat(called).containsExactly("second");
    }

    @Test
    void hooksComeBeforeTheLastEvent() throws Exception {
        Bench bench = new Bench(home);

        bench.run(p -> {
            p.stage("build").run(ctx -> 1);
            p.onFinish(run -> called.add(
                    "ended before: " + bench.heard.all(RunEvent.RunEnded.class).size()));
        });

        assertThat(called).containsExactly("ended before: 0");
    }

    @Test
    void aLineTornByACrashIsPassedOver() throws Exception {
        run(false);
        Path history = home.resolve("history/shop.jsonl");
        Files.writeString(history, "{\"run\":\"x\",\"outco", StandardOpenOption.APPEND);
        called.clear();

        run(true);
        run(true);

        assertThat(called).containsExactly("finish passed", "success", "fixed", "finish passed", "success");
        assertThat(Files.readAllLines(history)).hasSize(4);
    }

    @Test
    void aHistoryThatCannotBeKeptIsANote() throws Exception {
        Files.createDirectories(home);
        Files.writeString(home.resolve("history"), "a file in the way");
        Bench bench = new Bench(home);

        RunResult result = bench.run(p -> p.stage("build").run(ctx -> 1));

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(bench.heard.notes())
                .singleElement()
                .satisfies(note -> assertThat(note).contains("history of this pipeline cannot be kept"));
    }

    private void run(boolean good) throws InterruptedException {
        new Bench(home).run(hooks(p -> p.stage("build").run(ctx -> ctx.exec("exit", good ? "0" : "1"))));
    }

    private Consumer<Scope> hooks(Consumer<Scope> body) {
        return p -> {
            body.accept(p);
            p.onFinish(run -> called.add("finish " + run.outcome().word()));
            p.onSuccess(run -> called.add("success"));
            p.onFailure(run -> called.add("failure"));
            p.onAborted(run -> called.add("aborted"));
            p.onFixed(run -> called.add("fixed"));
            p.onRegression(run -> called.add("regression"));
        };
    }
}
