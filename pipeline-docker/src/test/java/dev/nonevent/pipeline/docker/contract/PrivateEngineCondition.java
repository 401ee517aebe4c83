package dev.nonevent.pipeline.docker.contract;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What {@link NeedsPrivateEngine} promises. */
final class PrivateEngineCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> missing = PrivateEngine.missing();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("an engine of the test's own can be started");
        }
        if (Boolean.getBoolean("engine.required")) {
            throw new IllegalStateException("engine.required is true, but " + missing.get());
        }
        if (context.getTestMethod().isEmpty()) {
            System.err.println("\nSKIPPED without an engine of its own: " + context.getDisplayName() + "\n  because "
                    + missing.get() + "\n  -Dengine.required=true makes this a failure\n");
        }
        return ConditionEvaluationResult.disabled(missing.get());
    }
}
