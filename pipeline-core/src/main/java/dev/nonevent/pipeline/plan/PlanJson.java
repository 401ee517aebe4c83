package dev.nonevent.pipeline.plan;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.definition.GateHandle;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.definition.Options;
import dev.nonevent.pipeline.definition.Scheduling;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.work.Parameter;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A plan for programs. Fields are only ever added. */
final class PlanJson {

    private static final JsonMapper JSON = new JsonMapper();

    private PlanJson() {}

    static String of(Plan plan) {
        ObjectNode root = JSON.createObjectNode();
        root.put("pipeline", plan.pipeline().name());
        root.put("place", plan.pipeline().place().toString());
        plan.pipeline().parameters().forEach(parameter -> parameter(root.withArrayProperty("parameters"), parameter));
        names(root, "secrets", plan.pipeline().secrets().stream().map(Secret::name));
        plan.steps().forEach(step -> step(root.withArrayProperty("steps").addObject(), step));
        return root.toPrettyString();
    }

    private static void parameter(ArrayNode parameters, Parameter<?> parameter) {
        ObjectNode node = parameters.addObject();
        node.put("name", parameter.name());
        node.put("expected", parameter.expected());
        parameter.fallback().ifPresent(value -> node.put("default", Parameter.text(value)));
    }

    private static void step(ObjectNode node, Declaration step) {
        Options options = step.options();
        node.put("name", step.name());
        node.put(
                "kind",
                step.handle() instanceof GateHandle ? "gate" : step.deed() instanceof Deed.Deploy ? "deploy" : "stage");
        node.put("place", step.place().toString());
        handles(node, "needs", step.inputs());
        handles(node, "requires", step.gates());
        handles(node, "after", step.after());
        names(node, "when", options.conditions().stream().map(Condition::text));
        names(
                node,
                "environment",
                Stream.of(
                                options.environment().keySet(),
                                options.secretEnvironment().keySet(),
                                options.serviceEnvironment().keySet())
                        .flatMap(Set::stream)
                        .sorted());
        names(node, "secrets", options.secrets().stream().map(Secret::name).sorted());
        options.executor().ifPresent(executor -> node.put("in", executor.description()));
        services(node.putArray("services"), options);
        options.timeout().ifPresent(limit -> node.put("timeout", limit.toString()));
        scheduling(node, options.scheduling());
        if (step.deed() instanceof Deed.Deploy deploy) {
            node.put("application", deploy.strategy().application());
            node.put("deploys", deploy.strategy().description());
            names(node, "atWorst", deploy.strategy().worstCase().stream());
            deploy.strategy().longest().ifPresent(longest -> node.put("longest", longest.toString()));
        }
        options.withoutGates().ifPresent(why -> node.put("withoutGates", why));
    }

    private static void services(ArrayNode services, Options options) {
        options.services()
                .forEach(service ->
                        services.addObject().put("name", service.name()).put("description", service.description()));
    }

    private static void scheduling(ObjectNode node, Scheduling scheduling) {
        scheduling
                .approval()
                .ifPresent(approval -> node.putObject("approval")
                        .put("by", approval.by())
                        .put("within", approval.within().toString()));
        ArrayNode locks = node.putArray("locks");
        scheduling
                .locks()
                .forEach(lock -> locks.addObject()
                        .put("name", lock.name())
                        .put("policy", lock.policy().name()));
        scheduling.retries().ifPresent(times -> node.put("retries", times));
    }

    private static void handles(ObjectNode node, String field, List<? extends Handle> handles) {
        names(node, field, handles.stream().map(Handle::name).distinct());
    }

    private static void names(ObjectNode node, String field, Stream<String> names) {
        ArrayNode array = node.putArray(field);
        names.forEach(array::add);
    }
}
