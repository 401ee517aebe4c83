package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.definition.Hook;
import dev.nonevent.pipeline.definition.HookContext;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A run as one of its hooks sees it; who keeps the result of a run keeps none of its secrets. */
record EndedRun(Hook hook, RunResult result, Optional<String> commit, Shared shared) implements HookContext {

    @Override
    public String when() {
        return hook.when();
    }

    @Override
    public String reveal(Secret secret) {
        if (!hook.action().secrets().contains(secret)) {
            throw new IllegalStateException("secret \"" + secret.name() + "\" is not one of " + hook.when() + " ("
                    + hook.place() + "): name it in its secrets()");
        }
        return shared.inputs().secret(secret);
    }

    @Override
    public String masked(String text) {
        return shared.redaction().text(text);
    }

    @Override
    public TimeSource time() {
        return shared.time();
    }

    @Override
    public String pipeline() {
        return result.pipeline();
    }

    @Override
    public String id() {
        return result.id();
    }

    @Override
    public Outcome outcome() {
        return result.outcome();
    }

    @Override
    public Outcome outcome(Handle handle) {
        return result.outcome(handle);
    }

    @Override
    public Map<String, Outcome> outcomes() {
        return result.outcomes();
    }

    @Override
    public <T> Optional<T> value(Stage<T> stage) {
        return result.value(stage);
    }

    @Override
    public String firstProblem() {
        return result.firstProblem();
    }

    @Override
    public Duration took() {
        return result.took();
    }

    @Override
    public String toString() {
        return result.toString();
    }
}
