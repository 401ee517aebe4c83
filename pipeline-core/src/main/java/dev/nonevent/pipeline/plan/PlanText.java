package dev.nonevent.pipeline.plan;

import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.definition.GateHandle;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.definition.Options;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.work.Parameter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A plan for people to read. */
final class PlanText {

    private final StringBuilder text = new StringBuilder();
    private final Optional<Forecast> forecast;

    PlanText(Plan plan, Optional<Forecast> forecast) {
        this.forecast = forecast;
        List<Declaration> steps = plan.steps();
        long gates = steps.stream()
                .filter(step -> step.handle() instanceof GateHandle)
                .count();
        text.append(plan.pipeline().name())
                .append(": ")
                .append(counted(steps.size() - gates, "stage"))
                .append(", ")
                .append(counted(gates, "gate"))
                .append('\n');
        plan.pipeline().parameters().forEach(this::parameter);
        int width = steps.stream().mapToInt(step -> step.name().length()).max().orElse(0);
        for (int i = 0; i < steps.size(); i++) {
            step(i + 1, width, steps.get(i));
        }
    }

    private void parameter(Parameter<?> parameter) {
        text.append("  --")
                .append(parameter.name())
                .append("  ")
                .append(parameter.expected())
                .append(parameter
                        .fallback()
                        .map(value -> "; " + Parameter.text(value) + " if not given")
                        .orElse("; must be given"))
                .append('\n');
    }

    private void step(int number, int width, Declaration step) {
        String kind = step.handle() instanceof GateHandle ? "gate" : step.deed() instanceof Deed.Deploy ? "deploy" : "";
        String row =
                String.format(Locale.ROOT, "%3d. %-" + width + "s  %-6s  %s", number, step.name(), kind, step.place());
        text.append(row).append('\n');
        Options options = step.options();
        forecast.ifPresent(known -> line("then", known.of(step.handle()).text()));
        line("needs", names(step.inputs()));
        line("requires", names(step.gates()));
        line("after", names(step.after()));
        line("when", joined(options.conditions().stream().map(Condition::text).toList(), " and "));
        options.executor().ifPresent(executor -> line("in", executor.description()));
        line(
                "services",
                joined(
                        options.services().stream()
                                .map(service -> service.name() + " (" + service.description() + ")")
                                .toList(),
                        ", "));
        if (step.deed() instanceof Deed.Deploy deploy) {
            line("deploys", deploy.strategy().description());
            worstCase(deploy.strategy().worstCase());
        }
        options.withoutGates().ifPresent(why -> line("no gates", why));
        SchedulingWords scheduling = new SchedulingWords(options.scheduling());
        scheduling.approval().ifPresent(waits -> line("approval", waits));
        line("locks", scheduling.locks());
        line("retried", scheduling.retries());
        options.timeout().ifPresent(limit -> line("timeout", duration(limit)));
        line(
                "secrets",
                joined(options.secrets().stream().map(Secret::name).sorted().toList(), ", "));
    }

    private void worstCase(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            line(i == 0 ? "at worst" : "", lines.get(i));
        }
    }

    /** {@code 1h30m}. */
    static String duration(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    private void line(String label, String what) {
        if (!what.isEmpty()) {
            text.append(String.format(Locale.ROOT, "     %-8s  %s\n", label, what));
        }
    }

    private static String names(Collection<? extends Handle> handles) {
        return joined(handles.stream().map(Handle::name).toList(), ", ");
    }

    private static String joined(List<String> parts, String between) {
        return parts.stream().distinct().collect(Collectors.joining(between));
    }

    private static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
