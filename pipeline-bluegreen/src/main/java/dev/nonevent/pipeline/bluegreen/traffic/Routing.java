package dev.nonevent.pipeline.bluegreen.traffic;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything users are to get: one immutable picture, put up at once by {@link Traffic#switchTo(Routing, long)}.
 *
 * <pre>{@code Routing.to(green).standby(blue)}</pre>
 *
 * @param active gets the users; empty only before the first deployment ever and after a shut down
 * @param standby answers instead of another target that fails a safe request, see {@link Capability#REPLAY}
 * @param canary gets a part of the users, see {@link Capability#WEIGHTS}
 * @param preview gets who comes in by the private preview address, and nobody else, see {@link Capability#PREVIEW}
 * @param admission whether users are let in at all, see {@link Capability#HOLD} and {@link Capability#STOP}
 */
public record Routing(
        Optional<Target> active,
        Optional<Target> standby,
        Optional<Canary> canary,
        Optional<Target> preview,
        Admission admission) {

    /** Users are sent nowhere. */
    public static Routing nowhere() {
        return new Routing(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), new Admission.Open());
    }

    /** All users go to the target, and nothing stands beside it. */
    public static Routing to(Target target) {
        return nowhere().withActive(Optional.of(target));
    }

    public Routing withActive(Optional<Target> target) {
        return new Routing(target, standby, canary, preview, admission);
    }

    public Routing standby(Target target) {
        return new Routing(active, Optional.of(target), canary, preview, admission);
    }

    public Routing canary(Canary part) {
        return new Routing(active, standby, Optional.of(part), preview, admission);
    }

    public Routing preview(Target target) {
        return new Routing(active, standby, canary, Optional.of(target), admission);
    }

    public Routing withoutPreview() {
        return new Routing(active, standby, canary, Optional.empty(), admission);
    }

    public Routing admission(Admission how) {
        return new Routing(active, standby, canary, preview, how);
    }

    /** Every target in it, each once, the active one first. */
    @JsonIgnore
    public List<Target> targets() {
        return Stream.concat(userTargets().stream(), preview.stream())
                .distinct()
                .toList();
    }

    /** Every target that can get a user's request, each once, the active one first. */
    @JsonIgnore
    public List<Target> userTargets() {
        return Stream.of(active, canary.map(Canary::target), standby)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    /** Everything wrong with it, as sentences; without any I/O. */
    @JsonIgnore
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (active.isEmpty() && (canary.isPresent() || standby.isPresent())) {
            problems.add("a canary or a standby needs an active target beside it");
        }
        if (canary.isPresent() && canary.map(Canary::target).equals(active)) {
            problems.add(
                    "the canary is the active target itself: " + active.get().deployment());
        }
        if (standby.isPresent() && standby.equals(active) && canary.isEmpty()) {
            problems.add(
                    "the standby is the active target itself: " + active.get().deployment());
        }
        canary.ifPresent(part -> problems.addAll(part.problems()));
        problems.addAll(admission.problems());
        return List.copyOf(problems);
    }
}
