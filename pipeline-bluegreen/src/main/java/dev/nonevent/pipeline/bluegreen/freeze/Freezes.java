package dev.nonevent.pipeline.bluegreen.freeze;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** All the times in which an application is not deployed, and what they say about one moment. Immutable. */
public record Freezes(List<FreezeWindow> windows) {

    /** Farther than any freeze goes that has an end. */
    private static final Duration FAR = Duration.ofDays(400);

    /** A winter Monday, for declarations are judged without a clock. */
    private static final Instant ANY = Instant.parse("2026-01-05T00:00:00Z");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEEE yyyy-MM-dd HH:mm", Locale.ENGLISH);

    public Freezes {
        windows = List.copyOf(windows);
    }

    public static Freezes none() {
        return new Freezes(List.of());
    }

    /** Somebody who deploys all the same, and says why. */
    public record Pass(String who, String why) {

        public Pass {
            Objects.requireNonNull(who, "nobody says who deploys in a freeze");
            Objects.requireNonNull(why, "nobody says why it cannot wait");
        }
    }

    /** What is to be done at one moment. */
    public sealed interface Decision {

        /** Nothing is frozen. */
        record Free() implements Decision {}

        /** Nothing is deployed; {@code until} is empty if no end is in sight. */
        record Frozen(FreezeWindow window, Optional<Instant> until, String sentence) implements Decision {}

        /** It is frozen and is deployed all the same; the sentence is for the ledger. */
        record Passed(FreezeWindow window, Pass pass, String sentence) implements Decision {}
    }

    public Decision at(Instant moment, Optional<Pass> pass) {
        Optional<FreezeWindow> found = covering(moment);
        if (found.isEmpty()) {
            return new Decision.Free();
        }
        FreezeWindow window = found.get();
        return pass.<Decision>map(given -> new Decision.Passed(
                        window,
                        given,
                        given.who() + " deployed in the freeze " + window.description() + ": " + given.why()))
                .orElseGet(() -> frozen(window, nextOpening(moment)));
    }

    private static Decision frozen(FreezeWindow window, Optional<Instant> until) {
        String wait = until.map(end -> "frozen until " + TIME.format(ZonedDateTime.ofInstant(end, window.zone()))
                        + " in " + window.zone() + ": " + window.reason()
                        + "; deploy then, or say who you are and why it cannot wait")
                .orElseGet(() -> "frozen without an end in sight: " + window.reason()
                        + "; take a freeze away, or say who you are and why it cannot wait");
        return new Decision.Frozen(window, until, wait);
    }

    /** The moment itself if nothing is frozen then, otherwise the first one at which nothing is; empty if none is in sight. */
    public Optional<Instant> nextOpening(Instant moment) {
        Instant at = moment;
        Optional<FreezeWindow> covering = covering(at);
        while (covering.isPresent()) {
            at = covering.get().endOf(at).orElseThrow();
            if (at.isAfter(moment.plus(FAR))) {
                return Optional.empty();
            }
            covering = covering(at);
        }
        return Optional.of(at);
    }

    /** The one that lasts longest from this moment on. */
    private Optional<FreezeWindow> covering(Instant moment) {
        return windows.stream()
                .flatMap(window -> window.endOf(moment).map(end -> Map.entry(window, end)).stream())
                .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .map(Map.Entry::getKey);
    }

    /** Everything wrong with the declaration itself, as sentences. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        windows.forEach(window -> problems.addAll(window.problems()));
        Freezes weekly = new Freezes(
                windows.stream().filter(FreezeWindow.Weekly.class::isInstance).toList());
        if (problems.isEmpty() && weekly.nextOpening(ANY).isEmpty()) {
            problems.add("the freezes of each week leave no moment to deploy at; take one of them away");
        }
        return problems;
    }
}
