package dev.nonevent.pipeline.deployment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A command line as text that outlives the code that made it, with a gap where the port goes. */
final class LaunchText {

    private static final String GAP = "{port}";
    private static final int ONE = 61_357;
    private static final int ANOTHER = 62_468;

    private LaunchText() {}

    /** The gap is where two answers for two ports differ. */
    static Map<String, String> of(Launch launch, Path artifact) {
        List<String> one = launch.argv(artifact, ONE);
        List<String> another = launch.argv(artifact, ANOTHER);
        if (one.isEmpty() || one.size() != another.size()) {
            throw unclear(one);
        }
        Map<String, String> text = new TreeMap<>();
        for (int i = 0; i < one.size(); i++) {
            String word = one.get(i);
            if (!word.equals(another.get(i))) {
                word = word.replace("" + ONE, GAP);
                if (!word.replace(GAP, "" + ANOTHER).equals(another.get(i))) {
                    throw unclear(one);
                }
            } else if (word.contains(GAP)) {
                throw unclear(one);
            }
            text.put(String.format("argv.%03d", i), word);
        }
        return text;
    }

    static List<String> argv(Map<String, String> settings, int port) {
        List<String> argv = new ArrayList<>();
        new TreeMap<>(settings).forEach((name, word) -> {
            if (name.startsWith("argv.")) {
                argv.add(word.replace(GAP, "" + port));
            }
        });
        return argv;
    }

    private static IllegalArgumentException unclear(List<String> argv) {
        return new IllegalArgumentException(
                "the command line of a release is asked for two ports and may differ in nothing but the"
                        + " port, and \"" + GAP + "\" may not stand in it: " + argv);
    }
}
