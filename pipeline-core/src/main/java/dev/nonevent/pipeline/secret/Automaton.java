package dev.nonevent.pipeline.secret;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds many patterns in a stream of bytes at once (Aho and Corasick, "Efficient string matching", 1975): a tree of all
 * patterns in which each node knows its longest suffix that is a node too. Nodes are numbered breadth first; the first
 * ones, where nearly all text stays, have a full row of successors, the others a hash table of edges. Immutable.
 */
final class Automaton {

    static final int START = 0;

    private static final int NONE = -1;

    private final Word[] words;
    private final byte[][] replacements;
    private final int[] lengths;
    private final int shortest;
    private final int[] depths;
    private final int[] suffixes;
    /** The longest pattern that ends at a node. */
    private final int[] matches;
    /** The most telling of the patterns that end at a node. */
    private final byte[] weights;
    /** Of the start and the nodes right after it: the next node for each byte. */
    private final int[][] rows;

    private final long[] edgeKeys;
    private final int[] edgeTargets;

    private Automaton(Collection<Word> words, Tree tree) {
        this.words = words.toArray(Word[]::new);
        this.replacements = words.stream()
                .map(word -> word.secret().toString().getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        this.lengths = words.stream().mapToInt(word -> word.bytes().length).toArray();
        this.shortest = Arrays.stream(lengths).min().orElse(0);
        int nodes = tree.order.size();
        this.depths = new int[nodes];
        this.suffixes = new int[nodes];
        this.matches = new int[nodes];
        this.weights = new byte[nodes];
        int capacity = Integer.highestOneBit(Math.max(8, nodes)) * 4;
        this.edgeKeys = new long[capacity];
        this.edgeTargets = new int[capacity];
        Arrays.fill(edgeKeys, NONE);
        Arrays.fill(matches, NONE);
        number(tree);
        this.rows = new int[1 + tree.order.get(START).next.size()][];
        link(tree);
    }

    static Automaton of(Collection<Word> words) {
        Tree tree = new Tree();
        int pattern = 0;
        for (Word word : words) {
            tree.add(word.bytes(), pattern++);
        }
        tree.sort();
        return new Automaton(words, tree);
    }

    int next(int state, int value) {
        int at = state;
        while (at >= rows.length) {
            int target = edge(at, value);
            if (target != NONE) {
                return target;
            }
            at = suffixes[at];
        }
        return rows[at][value];
    }

    /** How many of the last bytes may be the start of a pattern. */
    int depth(int state) {
        return depths[state];
    }

    /** The longest pattern that ends here, -1 if none does. */
    int match(int state) {
        return matches[state];
    }

    /** Whether one of the patterns that end here tells at least so much. */
    boolean tells(int state, Word.Weight least) {
        return weights[state] >= least.level();
    }

    int length(int pattern) {
        return lengths[pattern];
    }

    /** The shortest pattern's length; 0 if there is none. */
    int shortest() {
        return shortest;
    }

    Secret secret(int pattern) {
        return words[pattern].secret();
    }

    /** What is printed in its place, for the reader alone. */
    byte[] replacement(int pattern) {
        return replacements[pattern];
    }

    private void number(Tree tree) {
        for (Node node : tree.order) {
            matches[node.number] = node.pattern;
            if (node.pattern != NONE) {
                weights[node.number] = (byte) words[node.pattern].weight().level();
            }
            node.next.forEach((value, child) -> {
                depths[child.number] = depths[node.number] + 1;
                put(node.number, value, child.number);
            });
        }
    }

    private void link(Tree tree) {
        rows[START] = new int[256];
        tree.order.get(START).next.forEach((value, child) -> rows[START][value] = child.number);
        for (Node node : tree.order) {
            if (node.number != START && node.number < rows.length) {
                rows[node.number] = rows[START].clone();
                node.next.forEach((value, child) -> rows[node.number][value] = child.number);
            }
            node.next.forEach((value, child) -> {
                suffixes[child.number] = node.number == START ? START : next(suffixes[node.number], value);
                if (matches[child.number] == NONE) {
                    matches[child.number] = matches[suffixes[child.number]];
                }
                weights[child.number] = (byte) Math.max(weights[child.number], weights[suffixes[child.number]]);
            });
        }
    }

    private void put(int node, int value, int target) {
        int slot = slot(node, value);
        while (edgeKeys[slot] != NONE) {
            slot = (slot + 1) & (edgeKeys.length - 1);
        }
        edgeKeys[slot] = key(node, value);
        edgeTargets[slot] = target;
    }

    private int edge(int node, int value) {
        long key = key(node, value);
        int slot = slot(node, value);
        while (edgeKeys[slot] != NONE) {
            if (edgeKeys[slot] == key) {
                return edgeTargets[slot];
            }
            slot = (slot + 1) & (edgeKeys.length - 1);
        }
        return NONE;
    }

    private static long key(int node, int value) {
        return ((long) node << 8) | value;
    }

    private int slot(int node, int value) {
        long mixed = key(node, value) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 40) & (edgeKeys.length - 1);
    }

    /** The patterns while they are collected. */
    private static final class Tree {

        private final Node start = new Node();
        private final List<Node> order = new ArrayList<>();

        void add(byte[] bytes, int pattern) {
            Node node = start;
            for (byte each : bytes) {
                node = node.next.computeIfAbsent(each & 0xff, value -> new Node());
            }
            node.pattern = pattern;
        }

        /** Breadth first, so that the suffix of a node, being shorter, has a lower number. */
        void sort() {
            order.add(start);
            for (int i = 0; i < order.size(); i++) {
                order.get(i).number = i;
                order.addAll(order.get(i).next.values());
            }
        }
    }

    private static final class Node {

        private final Map<Integer, Node> next = new HashMap<>(2);
        private int number;
        private int pattern = NONE;
    }
}
