package dev.nonevent.pipeline.docker;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link NeedsEngine} promises. */
final class EngineExtension implements ExecutionCondition, ParameterResolver {

    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(EngineExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Found found = found(context);
        if (found.engine != null) {
            return ConditionEvaluationResult.enabled("a Docker engine answers");
        }
        if (Boolean.getBoolean("engine.required")) {
            throw new IllegalStateException("engine.required is true, but " + found.missing);
        }
        if (context.getTestMethod().isEmpty()) {
            found.skipped.add(context.getDisplayName());
        }
        return ConditionEvaluationResult.disabled(found.missing);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestEngine.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return found(context).engine;
    }

    private static Found found(ExtensionContext context) {
        return context.getRoot().getStore(OURS).getOrComputeIfAbsent(Found.class, key -> new Found(), Found.class);
    }

    /** Looked for once in a run; closed at its end. */
    private static final class Found implements AutoCloseable {

        private TestEngine engine;
        private String missing = "";
        private final List<String> skipped = new ArrayList<>();

        Found() {
            try {
                engine = TestEngine.prepare();
            } catch (Exception e) {
                missing = String.valueOf(e.getMessage());
            }
        }

        @Override
        public void close() {
            if (engine != null) {
                engine.close();
            }
            if (!skipped.isEmpty()) {
                System.err.println("\nSKIPPED without a Docker engine: " + String.join(", ", skipped) + "\n  because "
                        + missing + "\n  -Dengine.required=true makes this a failure\n");
            }
        }
    }
}
