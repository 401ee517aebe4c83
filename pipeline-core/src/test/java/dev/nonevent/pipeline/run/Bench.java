package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.work.Trigger;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Runs pipelines of a few lines under one home, and hears what they say. */
final class Bench {

    final Recorded heard = new Recorded();
    private final PipelineRunner runner;

    Bench(Path home) {
        this(PipelineRunner.in(home).executor(new FakeExecutor()).retryErrors(0));
    }

    Bench(PipelineRunner runner) {
        this.runner = runner.listener(heard);
    }

    PipelineRunner runner() {
        return runner;
    }

    RunResult run(Consumer<Scope> body) throws InterruptedException {
        return start(body).await();
    }

    RunResult run(RunRequest request, Consumer<Scope> body) throws InterruptedException {
        return runner.run(plan(body), request);
    }

    RunResult resume(RunId run, Consumer<Scope> body) throws InterruptedException {
        return runner.resume(plan(body), run).await();
    }

    Run start(Consumer<Scope> body) {
        return runner.start(plan(body), RunRequest.of(Trigger.manual()));
    }

    static Plan plan(Consumer<Scope> body) {
        return Plan.of(Pipeline.define("shop", body));
    }
}
