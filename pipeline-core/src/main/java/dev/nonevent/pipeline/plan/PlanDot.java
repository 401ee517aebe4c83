package dev.nonevent.pipeline.plan;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.definition.GateHandle;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.executor.Service;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plan in the language of Graphviz, with the shapes of {@link PlanMermaid}: gates are diamonds, deploys are houses,
 * services are cylinders, {@code after} is dotted, {@code requires} is bold.
 *
 * <p>Source: https://graphviz.org/doc/info/lang.html, quoted strings.
 */
final class PlanDot {

    private final StringBuilder graph = new StringBuilder();
    private final Map<Handle, String> nodes = new HashMap<>();
    private final Map<Service, String> services = new LinkedHashMap<>();

    PlanDot(Plan plan) {
        graph.append("digraph ").append(quoted(plan.pipeline().name())).append(" {\n  rankdir=LR\n");
        for (Declaration step : plan.steps()) {
            String node = "s" + nodes.size();
            nodes.put(step.handle(), node);
            node(node, step.name(), shape(step));
            edges(step.inputs(), node, "");
            edges(step.gates(), node, " [style=bold]");
            edges(step.after(), node, " [style=dotted]");
            step.options().services().forEach(service -> cylinder(service, node));
        }
        graph.append("}\n");
    }

    private void cylinder(Service service, String user) {
        boolean isNew = !services.containsKey(service);
        String cylinder = services.computeIfAbsent(service, none -> "v" + services.size());
        if (isNew) {
            node(cylinder, service.name(), "cylinder");
        }
        graph.append("  ").append(cylinder).append(" -> ").append(user).append(" [dir=none]\n");
    }

    private void node(String node, String label, String shape) {
        graph.append("  ")
                .append(node)
                .append(" [label=")
                .append(quoted(label))
                .append(", shape=")
                .append(shape)
                .append("]\n");
    }

    private void edges(List<? extends Handle> from, String to, String style) {
        from.stream()
                .distinct()
                .forEach(handle -> graph.append("  ")
                        .append(nodes.get(handle))
                        .append(" -> ")
                        .append(to)
                        .append(style)
                        .append('\n'));
    }

    private static String shape(Declaration step) {
        if (step.handle() instanceof GateHandle) {
            return "diamond";
        }
        return step.deed() instanceof Deed.Deploy ? "house" : "box";
    }

    /** A backslash begins an escape in a label, so it is doubled, too. */
    private static String quoted(String name) {
        return "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    @Override
    public String toString() {
        return graph.toString();
    }
}
