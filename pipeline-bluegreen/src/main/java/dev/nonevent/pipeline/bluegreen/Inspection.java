package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where traffic is and what runs, for people; changes nothing and holds nobody up. */
final class Inspection {

    private final Site.Opening opening;
    private final Standing standing;

    Inspection(Site.Opening opening, Standing standing) {
        this.opening = opening;
        this.standing = standing;
    }

    String text() {
        List<String> lines = new ArrayList<>();
        lines.addAll(traffic());
        standing.stable().ifPresent(stable -> lines.add("stable: " + stable.place() + ", deployment " + stable.name()));
        standing.kept()
                .ifPresent(kept -> lines.add(
                        "kept warm until " + kept.until() + ": " + kept.old().deployment()));
        standing.open()
                .ifPresent(open ->
                        lines.add("open: " + open.name() + " (" + open.release().version() + "), last \""
                                + open.last().getClass().getSimpleName() + "\""));
        for (Instance instance :
                opening.host().running(opening.application(), opening.context().home())) {
            lines.add("running: " + instance.deployment() + " at " + instance.address() + " (" + instance.id() + ")");
        }
        return String.join(System.lineSeparator(), lines);
    }

    private List<String> traffic() {
        Optional<Traffic> found = opening.options().switcher().find(opening.application(), opening.directory());
        if (found.isEmpty()) {
            return List.of("no router is running for \"" + opening.application() + "\"");
        }
        List<String> lines = new ArrayList<>();
        try (Traffic traffic = found.get()) {
            Route route = traffic.route();
            lines.add(Sentences.traffic(standing, route)
                    + route.active()
                            .map(Target::deployment)
                            .map(name -> ", deployment " + name)
                            .orElse("")
                    + ", at " + traffic.address());
            traffic.counts().forEach(each -> lines.add(line(each)));
        } catch (InfrastructureException e) {
            lines.add("where traffic is, is unknown: " + e.getMessage());
        }
        return lines;
    }

    private static String line(Counts counts) {
        return String.format(
                Locale.ROOT,
                "counts: %s (%s) %,d requests, %,d failed, %,d in flight",
                counts.deployment(),
                counts.colour(),
                counts.requests(),
                counts.failed(),
                counts.inFlight());
    }
}
