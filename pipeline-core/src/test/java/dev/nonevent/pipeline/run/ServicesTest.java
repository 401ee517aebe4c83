package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.ServiceAddress;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.SecretSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServicesTest {

    private final FakeService db = new FakeService("db");

    @TempDir
    Path home;

    @Test
    void stagesAtTheSameTimeShareOneService() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);

        RunResult result = new Bench(home).run(p -> {
            p.gate("left").service(db).check(ctx -> Verdict.pass("" + both.await(20, TimeUnit.SECONDS)));
            p.gate("right").service(db).check(ctx -> Verdict.pass("" + both.await(20, TimeUnit.SECONDS)));
        });

        assertThat(result.firstProblem()).isEqualTo("nothing");
        assertThat(db.starts).hasValue(1);
        assertThat(db.ends).hasValue(1);
    }

    @Test
    void itEndsWithTheLastStageThatUsesItAndNotWithTheRun() throws Exception {
        Bench bench = new Bench(home);

        RunResult result = bench.run(p -> {
            var first = p.stage("first").service(db).run(ctx -> db.ends.get());
            var second = p.stage("second").service(db).needs(first).run((ctx, before) -> before + db.ends.get());
            p.stage("later").needs(second).run((ctx, before) -> {
                assertThat(before).isZero();
                assertThat(db.hasEnded()).isTrue();
                return 1;
            });
        });

        assertThat(result.firstProblem()).isEqualTo("nothing");
        assertThat(bench.heard.all(RunEvent.OfService.class))
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("ServiceStarting", "ServiceReady", "ServiceEnded");
    }

    @Test
    void theEndOfAServiceIsToldBeforeTheEndOfTheRun() throws Exception {
        Bench bench = new Bench(home);

        bench.run(p -> p.stage("only").service(db).run(ctx -> 1));

        List<String> told = bench.heard.events().stream()
                .map(event -> event.getClass().getSimpleName())
                .toList();
        assertThat(told)
                .containsExactly(
                        "RunStarted",
                        "StageStarted",
                        "ServiceStarting",
                        "ServiceReady",
                        "StageEnded",
                        "ServiceEnded",
                        "RunEnded");
    }

    @Test
    void aStageThatIsSkippedNeedsItNoMore() throws Exception {
        RunResult result = new Bench(home).run(p -> {
            var first = p.stage("first").service(db).run(ctx -> 1);
            p.stage("never")
                    .service(db)
                    .after(first)
                    .when(Condition.of("never", run -> false))
                    .run(ctx -> 1);
            p.stage("later").after(first).run(ctx -> {
                assertThat(db.hasEnded()).isTrue();
                return 1;
            });
        });

        assertThat(result.firstProblem()).isEqualTo("nothing");
    }

    @Test
    void aServiceNoStageComesToIsNotStarted() throws Exception {
        new Bench(home)
                .run(p -> p.stage("never")
                        .service(db)
                        .when(Condition.of("never", run -> false))
                        .run(ctx -> 1));

        assertThat(db.starts).hasValue(0);
    }

    @Test
    void aServiceThatIsNotReadyMakesEveryStageThatNeedsItErrWithItsLastLines() throws Exception {
        db.whileStarting(() -> {
            db.says("no space left");
            throw new InfrastructureException("fake:db exited 1 before it was ready");
        });

        RunResult result = new Bench(home).run(p -> {
            p.gate("left").service(db).check(ctx -> Verdict.pass("ran"));
            p.stage("right").service(db).run(ctx -> "ran");
        });

        assertThat(db.starts).hasValue(1);
        assertThat(result.outcomes().values()).allSatisfy(outcome -> {
            assertThat(outcome).isInstanceOf(Outcome.Errored.class);
            assertThat(outcome.sentence()).isEqualTo("service db is not ready: fake:db exited 1 before it was ready");
            assertThat(outcome.failed().orElseThrow().details())
                    .containsExactly("hello from " + result.id(), "no space left");
        });
    }

    @Test
    void aStageStoppedBeforeItWasReadyLeavesTheStartToTheNext() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        db.readyOn(ready).whileStarting(() -> {
            if (db.starts.get() == 2) {
                ready.countDown();
            }
        });

        RunResult result = new Bench(home).run(p -> {
            p.stage("hasty").service(db).timeout(Duration.ofMillis(100)).run(ctx -> 1);
            var begun = p.stage("begun").run(ctx -> db.begun.await(20, TimeUnit.SECONDS));
            p.stage("patient").after(begun).service(db).run(ctx -> 1);
        });

        assertThat(result.outcomes().get("hasty").sentence()).isEqualTo("timed out after 0.1s");
        assertThat(result.outcomes().get("patient").hasPassed()).isTrue();
        assertThat(db.ends).hasValue(1);
    }

    @Test
    void aCancelledRunIsOverWhenItsServicesHaveEnded() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        Run run = new Bench(home)
                .start(p -> p.stage("waits").service(db).run(ctx -> {
                    inside.countDown();
                    new CountDownLatch(1).await();
                    return 1;
                }));
        assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();

        run.cancel("enough");

        assertThat(run.await().outcome()).isInstanceOf(Outcome.Aborted.class);
        assertThat(db.ends).hasValue(1);
    }

    @Test
    void aListenerThatCancelsWhenAServiceHasEndedDoesNotStopTheRunFromEnding() throws Exception {
        CompletableFuture<Run> started = new CompletableFuture<>();
        RunListener impatient = event -> {
            if (event instanceof RunEvent.ServiceEnded) {
                started.orTimeout(20, TimeUnit.SECONDS).join().cancel("enough");
            }
        };
        AtomicInteger asked = new AtomicInteger();
        Executor oneThreadAndNoMore = work -> {
            if (asked.incrementAndGet() == 1) {
                new Thread(work).start();
            }
        };
        Bench bench = new Bench(new Bench(home).runner().listener(impatient).threads(oneThreadAndNoMore));

        Run run = bench.start(p -> {
            p.stage("served").service(db).run(ctx -> 1);
            p.stage("never comes to a thread").run(ctx -> 1);
        });
        started.complete(run);

        // The last node ends inside the listener, on the thread that has ended the service.
        RunResult over = CompletableFuture.supplyAsync(() -> awaited(run)).get(30, TimeUnit.SECONDS);
        assertThat(over.outcome()).isInstanceOf(Outcome.Aborted.class);
        assertThat(over.outcomes().get("served").hasPassed()).isTrue();
    }

    private static RunResult awaited(Run run) {
        try {
            return run.await();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    @Test
    void aStageThatTakesTooLongEndsItsService() throws Exception {
        RunResult result = new Bench(home)
                .run(p -> p.stage("slow")
                        .service(db)
                        .timeout(Duration.ofMillis(200))
                        .run(ctx -> new CountDownLatch(1).await(1, TimeUnit.MINUTES)));

        assertThat(result.firstProblem()).isEqualTo("slow: timed out after 0.2s");
        assertThat(db.ends).hasValue(db.starts.get());
    }

    @Test
    void aRunCancelledWhileAServiceStartsIsOver() throws Exception {
        db.readyOn(new CountDownLatch(1));
        Run run = new Bench(home).start(p -> p.stage("waits").service(db).run(ctx -> 1));
        assertThat(db.begun.await(20, TimeUnit.SECONDS)).isTrue();

        run.cancel("enough");

        assertThat(run.await().outcome()).isInstanceOf(Outcome.Aborted.class);
        assertThat(db.ends).hasValue(0);
    }

    @Test
    void whatADeadServiceSaidLastIsToldBesideTheFailureOfItsStage() throws Exception {
        Bench bench = new Bench(home);

        bench.run(p -> p.stage("test").service(db).run(ctx -> {
            db.says("PANIC: checksum");
            db.dies("exited 134");
            throw new IllegalStateException("connection reset");
        }));

        RunEvent.ServiceSaid said = bench.heard.all(RunEvent.ServiceSaid.class).get(0);
        assertThat(said.how()).contains("exited 134");
        assertThat(said.lines()).last().isEqualTo("PANIC: checksum");
        assertThat(said.log()).content().contains("PANIC: checksum\n");
        assertThat(bench.heard.events().indexOf(said))
                .isLessThan(bench.heard.events().indexOf(bench.heard.end("test")));
    }

    @Test
    void aServiceThatHasDiedIsNotTakenForReady() throws Exception {
        RunResult result = new Bench(home).run(p -> {
            var first = p.stage("first").service(db).run(ctx -> {
                db.says("bye");
                db.dies("exited 1");
                return 1;
            });
            p.stage("second").service(db).after(first).run(ctx -> 1);
        });

        assertThat(result.outcomes().get("second")).isInstanceOf(Outcome.Errored.class);
        assertThat(result.firstProblem()).isEqualTo("second: service db was ready before; since then it exited 1");
    }

    @Test
    void aServiceThatCannotBeEndedIsNotedAndTheRunIsOver() throws Exception {
        db.cannotBeEnded("container 4f may still be running");
        Bench bench = new Bench(home);

        RunResult result = bench.run(p -> p.stage("only").service(db).run(ctx -> 1));

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(bench.heard.notes()).containsExactly("service db: container 4f may still be running");
    }

    @Test
    void aVariableHasTheAddressAsTheCommandsOfTheStageReachIt() throws Exception {
        Bench bench = new Bench(home);

        bench.run(p -> {
            p.stage("here").env("URL", db.url("db://{host}:{port}/x")).run(ctx -> ctx.exec("env", "URL"));
            p.stage("inside")
                    .in(new Inside())
                    .env("URL", db.url("db://{host}:{port:5432}/x"))
                    .run(ctx -> {
                        ctx.log("" + ctx.address(db).port());
                        return ctx.exec("env", "URL");
                    });
        });

        assertThat(bench.heard.lines()).contains("db://127.0.0.1:40001/x", "db://db:5432/x", "5432");
    }

    /** Reaches services by their names. */
    private static final class Inside implements CommandExecutor {

        private final FakeExecutor commands = new FakeExecutor();

        @Override
        public CommandResult run(Command command, CommandOutput output) {
            return commands.run(command, output);
        }

        @Override
        public ServiceAddress addressOf(RunningService service) {
            return ServiceAddress.of("db", List.of(5432));
        }

        @Override
        public String description() {
            return "inside";
        }
    }

    @Test
    void aStageThatHasNotNamedAServiceDoesNotGetItsAddress() throws Exception {
        RunResult result = new Bench(home).run(p -> p.stage("stray").run(ctx -> ctx.address(db)));

        assertThat(result.firstProblem())
                .isEqualTo("stray: stage \"stray\" has not named the service db: say .service(…) where it is"
                        + " declared, with that very object");
    }

    @Test
    void theCellsOfAFanOutShareItAndWhatGathersThemDoesNotNeedIt() throws Exception {
        RunResult result = new Bench(home).run(p -> {
            var all = p.each("tests", List.of(17, 21)).service(db).run((ctx, jdk) -> jdk);
            p.stage("later").needs(all).run((ctx, values) -> values.size());
        });

        assertThat(result.firstProblem()).isEqualTo("nothing");
        assertThat(db.starts).hasValue(1);
    }

    @Test
    void cleanupStillHasIt() throws Exception {
        Bench bench = new Bench(home);

        bench.run(p -> p.stage("dirty")
                .service(db)
                .cleanup(ctx -> ctx.log(ctx.address(db).host() + " " + db.ends))
                .run(ctx -> 1));

        assertThat(bench.heard.lines()).containsExactly("127.0.0.1 0");
    }

    @Test
    void howLongItTookIsToldByTheClockOfTheRun() throws Exception {
        HandClock clock = new HandClock();
        db.whileStarting(() -> clock.advance(Duration.ofSeconds(2)));
        Bench bench = new Bench(new Bench(home).runner().time(clock));

        bench.run(p -> p.stage("only").service(db).run(ctx -> 1));

        assertThat(bench.heard.all(RunEvent.ServiceReady.class).get(0).took()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aSecretAServicePrintsIsMasked() throws Exception {
        SecretSource secrets = SecretSource.environment(Map.of("TOKEN", "correct-horse-battery"));
        Bench bench = new Bench(new Bench(home).runner().secrets(secrets));

        bench.run(p -> {
            var token = p.secret("token");
            p.stage("test").service(db).secret(token).run(ctx -> {
                db.says("password is correct-horse-battery");
                throw new IllegalStateException("no");
            });
        });

        RunEvent.ServiceSaid said = bench.heard.all(RunEvent.ServiceSaid.class).get(0);
        assertThat(said.lines()).last().asString().doesNotContain("horse");
        assertThat(said.log()).content().doesNotContain("horse");
    }
}
