package dev.nonevent.pipeline.bluegreen;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Tells the boundaries apart that are passed more than once: {@code after Stopping 2}. For one thread. */
final class Passage implements Failpoint {

    private final Map<String, Integer> passed = new HashMap<>();
    private final Consumer<String> each;

    Passage(Consumer<String> each) {
        this.each = each;
    }

    @Override
    public void at(String boundary) {
        each.accept(boundary + " " + passed.merge(boundary, 1, Integer::sum));
    }
}
