package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.GateHandle;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.executor.CommandTimedOutException;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.work.Trigger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ends kept apart: what each thing that can go wrong makes of a stage, a gate and the run. */
@Timeout(30)
class OutcomesTest {

    @TempDir
    Path home;

    @Test
    void aChainThatWorksPassesItsValuesOn() throws Exception {
        RunResult result = run(p -> {
            Stage<Integer> one = p.stage("one").run(ctx -> 1);
            Stage<Integer> two = p.stage("two").needs(one).run((ctx, a) -> a + 1);
            p.stage("sum").needs(one, two).run((ctx, a, b) -> a + b);
        });

        assertThat(result.outcome()).isEqualTo(Outcome.passed());
        assertThat(result.outcomes()).containsOnlyKeys("one", "two", "sum");
        assertThat(result.firstProblem()).isEqualTo("nothing");
    }

    @Test
    void aCommandThatFailsInAStageIsAFailure() throws Exception {
        RunResult result = run(p -> p.stage("build").run(ctx -> ctx.exec("exit", "3")));

        assertThat(result.outcomes().get("build")).isInstanceOf(Outcome.Failed.class);
        assertThat(result.firstProblem()).isEqualTo("build: exit 3 exited 3");
        assertThat(result.outcome().failed().orElseThrow().details()).containsExactly("last words");
    }

    @Test
    void aCommandThatFailsInAGateBlocks() throws Exception {
        RunResult result = run(p -> p.gate("tests").check(ctx -> {
            ctx.exec("exit", "1");
            return Verdict.pass("fine");
        }));

        assertThat(result.outcome()).isInstanceOf(Outcome.Blocked.class);
        assertThat(result.firstProblem()).isEqualTo("tests: exit 1 exited 1");
    }

    @Test
    void brokenInfrastructureIsAnErrorInBoth() throws Exception {
        RunResult result = run(p -> {
            p.stage("build").run(ctx -> {
                throw new InfrastructureException("no disk");
            });
            p.gate("tests").check(ctx -> {
                throw new InfrastructureException("no network");
            });
        });

        assertThat(result.outcomes().values()).allMatch(Outcome.Errored.class::isInstance);
    }

    @Test
    void aCommandThatTakesTooLongIsAFailureInBoth() throws Exception {
        RunResult result = run(p -> {
            p.stage("build").run(ctx -> {
                throw new CommandTimedOutException("mvn took longer than 1s");
            });
            p.gate("tests").check(ctx -> {
                throw new CommandTimedOutException("mvn took longer than 1s");
            });
        });

        assertThat(result.outcomes().values())
                .allMatch(Outcome.Failed.class::isInstance)
                .allMatch(outcome -> outcome.sentence().equals("mvn took longer than 1s"));
    }

    @Test
    void anyOtherExceptionFailsAStageAndIsAnErrorInAGate() throws Exception {
        RunResult result = run(p -> {
            p.stage("build").run(ctx -> {
                throw new IOException("odd");
            });
            p.gate("tests").check(ctx -> {
                throw new IOException("odd");
            });
        });

        assertThat(result.outcomes().get("build")).isInstanceOf(Outcome.Failed.class);
        assertThat(result.outcomes().get("tests")).isInstanceOf(Outcome.Errored.class);
    }

    @Test
    void aVerdictDecidesAGate() throws Exception {
        RunResult result = run(p -> {
            p.gate("yes").check(ctx -> Verdict.pass("327 tests"));
            p.gate("no").check(ctx -> Verdict.block("2 of 327 tests failed", List.of("CartTest.adds")));
            p.gate("unknown").check(ctx -> Verdict.noEvidence("there is no report"));
        });

        assertThat(result.outcomes().get("yes")).isEqualTo(new Outcome.Passed("327 tests"));
        assertThat(result.outcomes().get("no")).isInstanceOf(Outcome.Blocked.class);
        assertThat(result.outcomes().get("no").failed().orElseThrow().details()).containsExactly("CartTest.adds");
        assertThat(result.outcomes().get("unknown")).isInstanceOf(Outcome.Errored.class);
        assertThat(result.firstProblem()).isEqualTo("unknown: there is no report");
    }

    @Test
    void nullIsNeverAValueAndNeverAVerdict() throws Exception {
        RunResult result = run(p -> {
            p.stage("build").run(ctx -> null);
            p.gate("tests").check(ctx -> null);
        });

        assertThat(result.outcomes().get("build")).isInstanceOf(Outcome.Failed.class);
        assertThat(result.outcomes().get("build").sentence()).startsWith("returned null");
        assertThat(result.outcomes().get("tests")).isInstanceOf(Outcome.Errored.class);
    }

    @Test
    void aVirtualMachineErrorEndsTheStageAndNotTheEngine() throws Exception {
        RunResult result = run(p -> {
            p.stage("memory").run(ctx -> {
                throw new OutOfMemoryError("simulated");
            });
            p.stage("stack").run(ctx -> endless(1));
            p.stage("sibling").run(ctx -> 1);
        });

        assertThat(result.outcomes().get("memory").sentence()).contains("OutOfMemoryError");
        assertThat(result.outcomes().get("stack").sentence()).contains("StackOverflowError");
        assertThat(result.outcome()).isInstanceOf(Outcome.Errored.class);
        assertThat(result.outcomes().get("sibling").hasPassed()).isTrue();
    }

    @Test
    void downstreamOfSomethingThatDidNotPassIsSkippedWithItsReasonAndSiblingsGoOn() throws Exception {
        RunResult result = run(p -> {
            Stage<Integer> source = p.stage("source").run(ctx -> 1);
            GateHandle tests = p.gate("unit tests").needs(source).check((ctx, s) -> Verdict.block("2 failed"));
            Stage<Integer> image =
                    p.stage("image").needs(source).requires(tests).run((ctx, s) -> 2);
            p.stage("deploy").needs(image).run((ctx, i) -> 3);
            p.stage("docs").needs(source).run((ctx, s) -> 4);
        });

        assertThat(result.outcomes().get("image"))
                .isEqualTo(new Outcome.Skipped("requires unit tests, which is blocked"));
        assertThat(result.outcomes().get("deploy")).isEqualTo(new Outcome.Skipped("needs image, which was skipped"));
        assertThat(result.outcomes().get("docs").hasPassed()).isTrue();
        assertThat(result.firstProblem()).isEqualTo("unit tests: 2 failed");
    }

    private static int endless(int depth) {
        return depth < 0 ? 0 : 1 + endless(depth + 1);
    }

    private RunResult run(Consumer<Scope> body) throws InterruptedException {
        return PipelineRunner.in(home)
                .executor(new FakeExecutor())
                .run(Plan.of(Pipeline.define("shop", body)), RunRequest.of(Trigger.manual()));
    }
}
