package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.executor.CommandFailedException;
import dev.nonevent.pipeline.executor.CommandTimedOutException;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.work.StageContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of the three verbs, carried out, and what its end means. The same exception means different things: a command that
 * exits 1 is a "no" in a gate and a failure in a stage.
 */
sealed interface Work {

    /** How it ended, if nothing stopped it. */
    record Result(Outcome outcome, Optional<Object> value) {

        static Result passed(@Nullable Object value, String note) {
            return new Result(new Outcome.Passed(note), Optional.ofNullable(value));
        }

        static Result of(Outcome outcome) {
            return new Result(outcome, Optional.empty());
        }
    }

    /** Does it, on the calling thread. */
    Result carryOut() throws Exception;

    /** What holds if something stopped it: that, whatever the code said on its way out. */
    default Result unless(Stop stop, Result result) {
        if (stop instanceof Stop.TimedOut late) {
            return Result.of(new Outcome.Failed(new Failure(late.sentence(), lastWords(result.outcome()), null)));
        } else if (stop instanceof Stop.Cancelled cancelled) {
            return Result.of(new Outcome.Aborted(cancelled.why()));
        }
        return result;
    }

    /** What its code said on its way out; that it was interrupted goes without saying. */
    private static List<String> lastWords(Outcome outcome) {
        boolean silent = outcome.hasPassed()
                || outcome.failed()
                        .flatMap(Failure::cause)
                        .filter(cause -> cause instanceof InterruptedException && cause.getMessage() == null)
                        .isPresent();
        return silent ? List.of() : List.of(outcome.sentence());
    }

    /** What it means that this was thrown. */
    default Outcome meaning(Throwable thrown) {
        if (thrown instanceof ServiceFailure missing) {
            return new Outcome.Errored(missing.failure());
        } else if (thrown instanceof InfrastructureException) {
            return new Outcome.Errored(Failure.of(thrown));
        } else if (thrown instanceof Error) {
            return new Outcome.Errored(new Failure(thrown.toString(), List.of(), thrown));
        } else if (thrown instanceof CommandTimedOutException) {
            return new Outcome.Failed(Failure.of(thrown));
        } else if (thrown instanceof CommandFailedException command) {
            return commandFailed(new Failure(
                    String.valueOf(thrown.getMessage()), command.result().lastLines(), thrown));
        }
        return anythingElse(thrown);
    }

    /** A command exited with something else than 0. */
    default Outcome commandFailed(Failure failure) {
        return new Outcome.Failed(failure);
    }

    default Outcome anythingElse(Throwable thrown) {
        return new Outcome.Failed(Failure.of(thrown));
    }

    static Work of(Deed deed, StageContext context, List<Object> inputs, Supplier<DeploymentContext> deployment) {
        return deed.fold(
                work -> new Making(work, context, inputs),
                check -> new Asking(check, context, inputs),
                deploy -> new Deploying(deploy, inputs, deployment),
                missing -> {
                    throw new IllegalStateException("a plan lets no declaration without a verb pass");
                });
    }

    /** {@code run}. */
    record Making(Deed.Work deed, StageContext context, List<Object> inputs) implements Work {

        @Override
        public Result carryOut() throws Exception {
            Object value = deed.body().run(context, inputs);
            if (value == null) {
                return Result.of(new Outcome.Failed(
                        Failure.of("returned null: a stage returns the value that others may need")));
            }
            return Result.passed(value, "");
        }
    }

    /** {@code check}. */
    record Asking(Deed.Check deed, StageContext context, List<Object> inputs) implements Work {

        @Override
        public Result carryOut() throws Exception {
            Verdict verdict = deed.body().run(context, inputs);
            if (verdict == null) {
                return Result.of(new Outcome.Errored(Failure.of("returned null: a gate answers with a verdict")));
            }
            return Result.of(verdict.fold(
                    pass -> new Outcome.Passed(pass.sentence()),
                    block -> new Outcome.Blocked(new Failure(block.sentence(), block.lines(), null)),
                    none -> new Outcome.Errored(Failure.of(none.sentence()))));
        }

        @Override
        public Outcome commandFailed(Failure failure) {
            return new Outcome.Blocked(failure);
        }

        @Override
        public Outcome anythingElse(Throwable thrown) {
            return new Outcome.Errored(Failure.of(thrown));
        }
    }

    /** {@code deploy}. */
    record Deploying(Deed.Deploy deed, List<Object> inputs, Supplier<DeploymentContext> context) implements Work {

        @Override
        public Result carryOut() throws Exception {
            Object value = strategy().deploy(inputs.get(0), context.get());
            if (value == null) {
                return Result.of(
                        new Outcome.Failed(Failure.of("the strategy returned null: it answers with a release")));
            }
            return Result.passed(value, "");
        }

        /** A release that is stable has the traffic, however late it is: to say anything else would be a lie. */
        @Override
        public Result unless(Stop stop, Result result) {
            return result.outcome().hasPassed() ? result : Work.super.unless(stop, result);
        }

        @Override
        public Outcome anythingElse(Throwable thrown) {
            return thrown instanceof DeploymentFailedException failed
                    ? new Outcome.Failed(new Failure(String.valueOf(failed.getMessage()), failed.details(), failed))
                    : new Outcome.Failed(Failure.of(thrown));
        }

        @SuppressWarnings("unchecked") // the compiler held the input's type to the strategy's where both were declared
        private DeploymentStrategy<Object, Object> strategy() {
            return (DeploymentStrategy<Object, Object>) deed.strategy();
        }
    }
}
