package dev.nonevent.pipeline.bluegreen.proxy;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link NeedsProxy} promises. */
final class ProxyExtension implements ExecutionCondition {

    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(ProxyExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String program = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), NeedsProxy.class)
                .orElseThrow()
                .value();
        try {
            OwnProcess.program(program);
            return ConditionEvaluationResult.enabled(program + " is installed");
        } catch (InfrastructureException missing) {
            if (Boolean.getBoolean("proxies.required")) {
                throw new IllegalStateException("proxies.required is true, but " + missing.getMessage(), missing);
            }
            if (context.getTestMethod().isEmpty()) {
                skipped(context).classes.add(context.getDisplayName());
            }
            return ConditionEvaluationResult.disabled(missing.getMessage());
        }
    }

    private static Skipped skipped(ExtensionContext context) {
        return context.getRoot()
                .getStore(OURS)
                .getOrComputeIfAbsent(Skipped.class, key -> new Skipped(), Skipped.class);
    }

    /** Said at the end of a run. */
    private static final class Skipped implements AutoCloseable {

        private final List<String> classes = new ArrayList<>();

        @Override
        public void close() {
            if (!classes.isEmpty()) {
                System.err.println("\nSKIPPED for want of a proxy: " + String.join(", ", classes)
                        + "\n  install haproxy and nginx; -Dproxies.required=true makes this a failure\n");
            }
        }
    }
}
