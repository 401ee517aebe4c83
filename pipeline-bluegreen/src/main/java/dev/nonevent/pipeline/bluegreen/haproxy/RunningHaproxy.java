package dev.nonevent.pipeline.bluegreen.haproxy;

import dev.nonevent.pipeline.bluegreen.proxy.Layout;
import dev.nonevent.pipeline.bluegreen.proxy.Page;
import dev.nonevent.pipeline.bluegreen.proxy.Proxy;
import dev.nonevent.pipeline.bluegreen.proxy.Side;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * HAProxy goes by two entries of a map: {@code route} says where users go, in one word, so that a request sees one whole
 * routing; {@code fence} says who put it there. They are changed in its memory without a reload.
 */
final class RunningHaproxy implements Proxy {

    private static final String ROUTE = "route";
    private static final String FENCE = "fence";

    private final AdminSocket admin;
    private final Path map;
    private final Stats stats;
    private final Ending ending;

    /** How it ends. */
    interface Ending {
        void end(Runnable obey) throws InterruptedException;
    }

    /**
     * @param map as the configuration names it
     * @param backend whose servers are the sides
     */
    RunningHaproxy(AdminSocket admin, Path map, String backend, TimeSource time, Ending ending) {
        this.admin = admin;
        this.map = map;
        this.stats = new Stats(admin, backend, time);
        this.ending = ending;
    }

    /** Refuses a configuration that lacks what we need, before anything is changed. */
    void refuseUnprepared() {
        memory();
        Layout.NAMES.forEach(stats::inFlight);
        String level = admin.ask("show cli level");
        if (!level.equals("admin")) {
            throw new InfrastructureException("HAProxy's stats socket has level " + level
                    + ", and what is left of a former deployment could not be ended: write \"level admin\" behind it");
        }
    }

    /** What stands in the map, by its key. */
    static Map<String, String> entries(Layout layout) {
        Map<String, String> entries = new LinkedHashMap<>();
        List<Side> served = layout.served();
        String route = served.isEmpty()
                ? "closed|0|-|-"
                : "open|" + percent(layout) + "|" + word(served.get(0)) + "|" + word(served.get(served.size() - 1));
        entries.put(FENCE, layout.route().fence() + "." + layout.route().generation());
        entries.put(ROUTE, route);
        return entries;
    }

    @Override
    public String file(Layout layout) {
        StringBuilder lines = new StringBuilder();
        entries(layout)
                .forEach((key, value) ->
                        lines.append(key).append(' ').append(value).append('\n'));
        return lines.toString();
    }

    @Override
    public Optional<String> complaint() {
        return Optional.empty();
    }

    @Override
    public void obey(Layout layout) {
        Map<String, String> wanted = entries(layout);
        if (memory().keySet().equals(wanted.keySet())) {
            wanted.forEach((key, value) -> admin.tell("set map " + map + " " + key + " " + value));
        } else {
            putUpAnew(wanted);
        }
        disagreement(layout).ifPresent(what -> {
            throw new TrafficUnknownException("HAProxy was told where users go, but " + what);
        });
    }

    /** All at once: nobody sees the map half full. */
    private void putUpAnew(Map<String, String> wanted) {
        String created = admin.ask("prepare map " + map);
        String version = created.substring(created.lastIndexOf(' ') + 1);
        if (!version.matches("\\d+")) {
            throw new TrafficUnknownException(
                    "HAProxy has no map " + map + " (" + created + "): name it as the configuration does");
        }
        wanted.forEach((key, value) -> admin.tell("add map @" + version + " " + map + " " + key + " " + value));
        admin.tell("commit map @" + version + " " + map);
    }

    @Override
    public Optional<String> disagreement(Layout layout) {
        Map<String, String> memory = memory();
        if (memory.equals(entries(layout))) {
            stats.refuseSetServers(layout.served());
            return Optional.empty();
        }
        return Optional.of("the running HAProxy goes by " + (memory.isEmpty() ? "an empty map" : memory));
    }

    @Override
    public Optional<String> wayWithoutAFile() {
        Map<String, String> memory = admin.answers() ? memory() : Map.of();
        return memory.isEmpty() ? Optional.empty() : Optional.of("the running HAProxy goes by " + memory);
    }

    @Override
    public long fence() {
        String known = memory().getOrDefault(FENCE, "0.0");
        return known.matches("\\d{1,18}\\.\\d{1,19}") ? Long.parseLong(known.substring(0, known.indexOf('.'))) : 0;
    }

    /** What the map holds in HAProxy's memory. */
    private Map<String, String> memory() {
        Map<String, String> memory = new LinkedHashMap<>();
        String answer = admin.ask("show map " + map);
        for (String line : answer.split("\n", -1)) {
            String[] words = line.strip().split(" ", 3);
            if (words.length == 3 && words[0].startsWith("0x")) {
                String twice = memory.put(words[1], words[2]);
                if (twice != null) {
                    memory.put(words[1] + " (twice)", twice);
                }
            } else if (!line.isBlank()) {
                throw new TrafficUnknownException("HAProxy cannot show the map " + map + " (" + line.strip()
                        + "): its configuration must read that very file");
            }
        }
        return memory;
    }

    @Override
    public Page count(Page page, List<Side> sides) {
        return stats.count(page, sides);
    }

    @Override
    public long inFlight(Side side) {
        return stats.inFlight(side.name());
    }

    @Override
    public long cut(Side side) {
        long inFlight = stats.inFlight(side.name());
        admin.tell("shutdown sessions server " + stats.backend() + "/" + side.name());
        return inFlight;
    }

    @Override
    public boolean countsWhatItCuts() {
        return true;
    }

    @Override
    public void end(Layout closed) throws InterruptedException {
        ending.end(() -> obey(closed));
    }

    private static int percent(Layout layout) {
        return layout.route().routing().canary().map(Canary::percent).orElse(0);
    }

    private static String word(Side side) {
        return side.name() + "/" + side.endpoint().ip() + "/" + side.endpoint().port();
    }
}
