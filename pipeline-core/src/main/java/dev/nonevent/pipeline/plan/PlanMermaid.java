package dev.nonevent.pipeline.plan;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.definition.GateHandle;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.definition.Lock;
import dev.nonevent.pipeline.executor.Service;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plan as a flow chart: gates are diamonds, deploys are flags, services are drums, locks are hexagons, {@code after} is
 * dotted, {@code requires} is thick, and what uses a service or a lock is joined to it without an arrow. Who approves a stage
 * stands below its name. */
final class PlanMermaid {

    private final StringBuilder chart = new StringBuilder("flowchart LR\n");
    private final Map<Handle, String> nodes = new HashMap<>();
    private final Map<Service, String> services = new LinkedHashMap<>();
    private final Map<String, String> locks = new LinkedHashMap<>();

    PlanMermaid(Plan plan) {
        for (Declaration step : plan.steps()) {
            String node = "s" + nodes.size();
            nodes.put(step.handle(), node);
            chart.append("  ").append(node).append(shape(step)).append('\n');
            edges(step.inputs(), "-->", node);
            edges(step.gates(), "==>", node);
            edges(step.after(), "-.->", node);
            step.options().services().forEach(service -> drum(service, node));
            step.options().scheduling().locks().forEach(lock -> hexagon(lock, node));
        }
    }

    private void drum(Service service, String user) {
        boolean isNew = !services.containsKey(service);
        String drum = services.computeIfAbsent(service, none -> "v" + services.size());
        if (isNew) {
            chart.append("  ")
                    .append(drum)
                    .append("[(\"")
                    .append(escaped(service.name()))
                    .append("\")]\n");
        }
        chart.append("  ").append(drum).append(" --- ").append(user).append('\n');
    }

    private void hexagon(Lock lock, String user) {
        String hexagon = locks.get(lock.name());
        if (hexagon == null) {
            hexagon = "l" + locks.size();
            locks.put(lock.name(), hexagon);
            chart.append("  ")
                    .append(hexagon)
                    .append("{{\"")
                    .append(escaped(lock.name()))
                    .append("\"}}\n");
        }
        chart.append("  ").append(hexagon).append(" --- ").append(user).append('\n');
    }

    private void edges(List<? extends Handle> from, String arrow, String to) {
        from.stream()
                .distinct()
                .forEach(handle -> chart.append("  ")
                        .append(nodes.get(handle))
                        .append(' ')
                        .append(arrow)
                        .append(' ')
                        .append(to)
                        .append('\n'));
    }

    private static String shape(Declaration step) {
        String approval = step.options()
                .scheduling()
                .approval()
                .map(asked -> "<br/>approved by " + escaped(asked.by()))
                .orElse("");
        String label = "\"" + escaped(step.name()) + approval + "\"";
        if (step.handle() instanceof GateHandle) {
            return "{" + label + "}";
        }
        return step.deed() instanceof Deed.Deploy ? ">" + label + "]" : "[" + label + "]";
    }

    /** Entities for all that Mermaid or the page around it could read as its own. */
    private static String escaped(String name) {
        StringBuilder escaped = new StringBuilder();
        name.codePoints()
                .forEach(point -> escaped.append(
                        point < 128 && !Character.isLetterOrDigit(point) && " -_./[]".indexOf(point) < 0
                                ? "#" + point + ";"
                                : Character.toString(point)));
        return escaped.toString();
    }

    @Override
    public String toString() {
        return chart.toString();
    }
}
