package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where traffic is and what runs, for people; changes nothing and holds nobody up. */
final class Inspection {

    private final Site.Opening opening;
    private final Standing standing;
    private final boolean held;

    /** @param held whether somebody is at work on it */
    Inspection(Site.Opening opening, Standing standing, boolean held) {
        this.opening = opening;
        this.standing = standing;
        this.held = held;
    }

    String text() {
        List<String> lines = new ArrayList<>();
        List<Instance> running =
                opening.host().running(opening.application(), opening.context().home());
        lines.addAll(traffic(running));
        standing.stable().ifPresent(stable -> lines.add("stable: " + stable.place() + ", deployment " + stable.name()));
        standing.kept()
                .ifPresent(kept -> lines.add("kept warm until " + kept.until().truncatedTo(ChronoUnit.SECONDS) + ": "
                        + kept.old().deployment()));
        standing.open()
                .ifPresent(open ->
                        lines.add("open: " + open.name() + " (" + open.release().version() + "), last \""
                                + open.last().getClass().getSimpleName() + "\""));
        lines.addAll(wanted(running));
        awaited().ifPresent(lines::add);
        standing.paused()
                .ifPresent(line -> lines.add("paused since " + line.at().truncatedTo(ChronoUnit.SECONDS) + " by "
                        + ((LedgerEntry.Paused) line.entry()).who() + wayOn()));
        for (Instance instance : running) {
            lines.add("running: " + instance.deployment() + " at " + Sentences.places(instance.addresses()) + " ("
                    + instance.id() + ")");
        }
        return String.join(System.lineSeparator(), lines);
    }

    /** A step that waits for nothing else; one that is paused as well says so below. */
    private Optional<String> awaited() {
        return standing.open()
                .filter(open -> open.last() instanceof LedgerEntry.Shifted)
                .filter(open -> opening.options().proof().steps().stream()
                        .flatMap(steps -> steps.of(((LedgerEntry.Shifted) open.last()).percent()).stream())
                        .anyMatch(step -> step.time().isEmpty()))
                .map(open -> open.release().version() + " waits for a person" + wayOn());
    }

    /** Who waits takes an order only while its process is there. */
    private String wayOn() {
        return held ? ": promote it, or abort it" : ", and its process is gone: recover it, or abort it";
    }

    /** What a person has to do, by what the ledger says; it is there until somebody has gone on. */
    private List<String> wanted(List<Instance> running) {
        List<String> lines = new ArrayList<>();
        standing.held()
                .ifPresent(line -> lines.add("held since " + line.at().truncatedTo(ChronoUnit.SECONDS) + ": "
                        + Sentences.held(((LedgerEntry.Held) line.entry()).why())));
        if (standing.state() == State.NEEDS_HUMAN) {
            lines.add(Sentences.needsHuman(standing, running));
        } else if (standing.state() == State.ENDING) {
            lines.add("taking it down was left unfinished: recover, or take it down again");
        }
        return lines;
    }

    private List<String> traffic(List<Instance> running) {
        try {
            Optional<Traffic> found = opening.options().switcher().find(opening.application(), opening.directory());
            return found.map(traffic -> asked(traffic, running)).orElseGet(this::nobody);
        } catch (InfrastructureException e) {
            return List.of("where traffic is, is unknown: " + e.getMessage());
        }
    }

    private List<String> nobody() {
        return List.of("no router is running for \"" + opening.application() + "\""
                + (standing.isDown() ? "" : ": users get no answer; recover starts it again"));
    }

    private List<String> asked(Traffic open, List<Instance> running) {
        try (Traffic traffic = open) {
            List<String> lines = new ArrayList<>();
            Route route = traffic.route();
            lines.add(Sentences.traffic(standing, route)
                    + route.active()
                            .map(active -> ", deployment " + active.deployment() + alive(active, running))
                            .orElse("")
                    + ", at " + traffic.address());
            traffic.counts().forEach(each -> lines.add(line(each)));
            return lines;
        }
    }

    private static String alive(Target active, List<Instance> running) {
        return running.stream().anyMatch(instance -> instance.deployment().equals(active.deployment()))
                ? ""
                : " (which does not run any more: deploy a release, or roll back)";
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
