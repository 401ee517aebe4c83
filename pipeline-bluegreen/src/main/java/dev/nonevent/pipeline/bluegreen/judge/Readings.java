package dev.nonevent.pipeline.bluegreen.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the sources of a judge answered during the bake, the newest of each last. Immutable. */
public record Readings(Map<MetricSource, List<Reading>> bySource) {

    private static final Readings NONE = new Readings(Map.of());

    /** So many of each are kept. */
    private static final int MOST = 20;

    public Readings {
        bySource = Map.copyOf(bySource);
    }

    public static Readings none() {
        return NONE;
    }

    /** With one more of this source. */
    public Readings and(MetricSource source, Reading reading) {
        List<Reading> longer = new ArrayList<>(of(source));
        longer.add(reading);
        Map<MetricSource, List<Reading>> all = new HashMap<>(bySource);
        all.put(source, List.copyOf(longer.subList(Math.max(0, longer.size() - MOST), longer.size())));
        return new Readings(all);
    }

    /** Empty if it has not answered yet. */
    public List<Reading> of(MetricSource source) {
        return bySource.getOrDefault(source, List.of());
    }

    public Optional<Reading> last(MetricSource source) {
        List<Reading> readings = of(source);
        return readings.isEmpty() ? Optional.empty() : Optional.of(readings.get(readings.size() - 1));
    }
}
