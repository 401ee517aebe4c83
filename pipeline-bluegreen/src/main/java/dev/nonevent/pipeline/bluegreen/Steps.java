package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How the part of the users grows that gets a release before all do.
 *
 * @param sticky whether a user stays on the side that a first request got
 * @param header who always gets the new release while there is one
 */
record Steps(List<Step> steps, boolean sticky, Optional<Canary.HeaderMatch> header) {

    static final String UNTIL_PROMOTED = "until somebody promotes it";

    static final Steps NONE = new Steps(List.of(), true, Optional.empty());

    /** @param time for which a part has to be good before it grows; empty if it grows when a person says so */
    record Step(int percent, Optional<Duration> time) {

        Step(int percent, Duration time) {
            this(percent, Optional.of(time));
        }

        @Override
        public String toString() {
            return percent + " % "
                    + time.map(whole -> "for " + WorstCase.duration(whole)).orElse(UNTIL_PROMOTED);
        }
    }

    Steps {
        steps = List.copyOf(steps);
    }

    Steps and(Step step) {
        return new Steps(Stream.concat(steps.stream(), Stream.of(step)).toList(), sticky, header);
    }

    Steps notSticky() {
        return new Steps(steps, false, header);
    }

    Steps with(Canary.HeaderMatch match) {
        return new Steps(steps, sticky, Optional.of(match));
    }

    /** Asked only after the plan was checked. */
    Step first() {
        return steps.get(0);
    }

    /** The one with this part of the users. */
    Optional<Step> of(int percent) {
        return steps.stream().filter(step -> step.percent() == percent).findFirst();
    }

    /** Empty after the last. */
    Optional<Step> after(Step step) {
        return steps.stream().filter(other -> other.percent() > step.percent()).findFirst();
    }

    /** As whoever points users at releases understands it. */
    Canary part(String application, Target target, int percent) {
        Canary part = new Canary(target, percent, Optional.empty(), header);
        return sticky ? part.stickyBy(application + "-release") : part;
    }

    /** Whether a part comes after one that is not smaller. */
    boolean isFalling() {
        return IntStream.range(1, steps.size())
                .anyMatch(place ->
                        steps.get(place).percent() <= steps.get(place - 1).percent());
    }

    /** Whether one of them waits for a person, however long nobody comes. */
    boolean waitsForAPerson() {
        return steps.stream().anyMatch(step -> step.time().isEmpty());
    }

    /** {@code 5 % for 5 min, 25 % until somebody promotes it}. */
    @Override
    public String toString() {
        return steps.stream().map(Step::toString).collect(Collectors.joining(", "));
    }
}
