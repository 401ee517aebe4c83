package dev.nonevent.pipeline.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** Two plans side by side, both as JSON: one of them may be a file of last year. */
final class PlanComparison {

    /** Edges and guards, with the sentence for one that came and one that went. */
    private enum Edge {
        REQUIRES("requires", "gate %2$s now guards %1$s", "gate %2$s no longer guards %1$s"),
        NEEDS("needs", "%1$s now needs %2$s", "%1$s no longer needs %2$s"),
        AFTER("after", "%1$s now comes after %2$s", "%1$s no longer comes after %2$s"),
        WHEN("when", "%1$s now runs only when %2$s", "%1$s no longer runs only when %2$s"),
        SECRETS("secrets", "%1$s is now given the secret %2$s", "%1$s is no longer given the secret %2$s"),
        ENVIRONMENT("environment", "%1$s now gets the variable %2$s", "%1$s no longer gets the variable %2$s");

        private final String field;
        private final String came;
        private final String went;

        Edge(String field, String came, String went) {
            this.field = field;
            this.came = came;
            this.went = went;
        }
    }

    /** Said by an {@link Edge}, or of no interest. */
    private static final List<String> APART =
            List.of("name", "place", "kind", "requires", "needs", "after", "when", "secrets", "environment");

    private final Map<String, JsonNode> before;
    private final Map<String, JsonNode> after;
    private final List<String> guards = new ArrayList<>();
    private final List<String> rest = new ArrayList<>();

    PlanComparison(JsonNode before, JsonNode after) {
        this.before = byName(before.path("steps"));
        this.after = byName(after.path("steps"));
        value("the pipeline's name", before.path("pipeline"), after.path("pipeline"));
        parameters(byName(before.path("parameters")), byName(after.path("parameters")));
        this.before.forEach(this::gone);
        this.after.forEach(this::compare);
    }

    List<String> sentences() {
        guards.addAll(rest);
        return guards;
    }

    private void parameters(Map<String, JsonNode> old, Map<String, JsonNode> now) {
        old.keySet().stream()
                .filter(name -> !now.containsKey(name))
                .forEach(name -> rest.add("parameter --" + name + " is gone"));
        now.forEach((name, parameter) -> {
            JsonNode earlier = old.get(name);
            if (earlier == null) {
                rest.add("parameter --" + name + " is new: "
                        + parameter.path("expected").asText() + (parameter.has("default") ? "" : ", must be given"));
            } else {
                value("what --" + name + " may be", earlier.path("expected"), parameter.path("expected"));
                value("the default of --" + name, earlier.path("default"), parameter.path("default"));
            }
        });
    }

    private void gone(String name, JsonNode step) {
        if (!after.containsKey(name)) {
            (isGate(step) ? guards : rest).add(kind(step) + " " + quoted(name) + " is gone");
        }
    }

    private void compare(String name, JsonNode step) {
        JsonNode old = before.get(name);
        if (old == null) {
            rest.add(kind(step) + " " + quoted(name) + " is new");
            unguarded(name, step);
            return;
        }
        value("what " + quoted(name) + " is", old.path("kind"), step.path("kind"));
        for (Edge edge : Edge.values()) {
            edges(name, edge, texts(old, edge.field), texts(step, edge.field));
        }
        TreeSet<String> fields = new TreeSet<>();
        old.fieldNames().forEachRemaining(fields::add);
        step.fieldNames().forEachRemaining(fields::add);
        fields.removeAll(APART);
        fields.forEach(field -> value(words(field) + " of " + quoted(name), old.path(field), step.path(field)));
    }

    private void unguarded(String name, JsonNode step) {
        if (step.has("withoutGates")) {
            guards.add("deploy " + quoted(name) + " has no gates: "
                    + step.path("withoutGates").asText());
        }
    }

    private void edges(String name, Edge edge, List<String> old, List<String> now) {
        List<String> sentences = edge == Edge.REQUIRES ? guards : rest;
        old.stream().filter(it -> !now.contains(it)).forEach(it -> sentences.add(sentence(edge.went, name, edge, it)));
        now.stream().filter(it -> !old.contains(it)).forEach(it -> sentences.add(sentence(edge.came, name, edge, it)));
    }

    private String sentence(String pattern, String name, Edge edge, String other) {
        String shown = edge == Edge.WHEN ? other : quoted(other);
        return String.format(Locale.ROOT, pattern, quoted(name), shown);
    }

    private void value(String what, JsonNode old, JsonNode now) {
        if (!old.equals(now)) {
            rest.add(what + ": " + shown(old) + " → " + shown(now));
        }
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode() || (value.isContainerNode() && value.isEmpty())) {
            return "none";
        } else if (value.isArray()) {
            return String.join(
                    ", ",
                    StreamSupport.stream(value.spliterator(), false)
                            .map(PlanComparison::shown)
                            .toList());
        }
        return value.isObject()
                ? value.path("name").asText() + " (" + value.path("description").asText() + ")"
                : value.asText();
    }

    /** {@code atWorst}: at worst. */
    private static String words(String field) {
        return field.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    private static boolean isGate(JsonNode step) {
        return kind(step).equals("gate");
    }

    private static String kind(JsonNode step) {
        return step.path("kind").asText("stage");
    }

    private static String quoted(String name) {
        return "\"" + name + "\"";
    }

    private static List<String> texts(JsonNode step, String field) {
        return StreamSupport.stream(step.path(field).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static Map<String, JsonNode> byName(JsonNode array) {
        Map<String, JsonNode> named = new LinkedHashMap<>();
        array.forEach(each -> named.put(each.path("name").asText(), each));
        return named;
    }
}
