package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.plan.Plan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** The nodes of one run, in the order of the plan, with their edges. */
final class Graph {

    private static final int LONGEST_SLUG = 60;

    private final Map<Handle, Node> nodes = new LinkedHashMap<>();

    Graph(Plan plan) {
        Set<String> slugs = new HashSet<>();
        for (Declaration step : plan.steps()) {
            Node node = new Node(step, slug(step.name(), slugs));
            step.before().distinct().map(this::node).forEach(before -> {
                node.before.add(before);
                before.dependents.add(node);
            });
            nodes.put(step.handle(), node);
        }
    }

    List<Node> nodes() {
        return List.copyOf(nodes.values());
    }

    Node node(Handle handle) {
        Node node = nodes.get(handle);
        if (node == null) {
            throw new IllegalArgumentException(handle + " is not of this pipeline");
        }
        return node;
    }

    /** The values of the needed stages, all of which have passed. */
    List<Object> inputs(Node node) {
        return node.declaration.inputs().stream()
                .map(handle -> node(handle).ended().value().orElseThrow())
                .toList();
    }

    /** Each name with the names of what it waits for, in the order of the plan. */
    Map<String, List<String>> edges() {
        Map<String, List<String>> edges = new LinkedHashMap<>();
        nodes.values()
                .forEach(node -> edges.put(
                        node.name(), node.before.stream().map(Node::name).toList()));
        return edges;
    }

    /** Everything that must end before this node starts, nearest first. */
    static List<Node> upstream(Node node) {
        Set<Node> seen = new LinkedHashSet<>();
        Queue<Node> next = new ArrayDeque<>(node.before);
        for (Node before = next.poll(); before != null; before = next.poll()) {
            if (seen.add(before)) {
                next.addAll(before.before);
            }
        }
        return new ArrayList<>(seen);
    }

    /** A name for files: lower case, nothing a file system minds, unique in this run. */
    private static String slug(String name, Set<String> taken) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("^[-.]+|[-.]+$", "");
        String stem = plain.isEmpty() ? "stage" : plain.substring(0, Math.min(plain.length(), LONGEST_SLUG));
        String slug = stem;
        for (int i = 2; !taken.add(slug); i++) {
            slug = stem + "-" + i;
        }
        return slug;
    }
}
