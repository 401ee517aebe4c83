package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.Moment;
import dev.nonevent.pipeline.bluegreen.worker.WorkerSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Who is told of a deployment while it goes on, and may have a say. */
record Notices(List<NamedHook<?>> hooks, Optional<WorkerSignal> signal) {

    /** A deployment waits for them one after the other: to stand by, to drain, to begin, to stop. */
    private static final int SIGNALS = 4;

    static final Notices NONE = new Notices(List.of(), Optional.empty());

    Notices {
        hooks = List.copyOf(hooks);
    }

    Notices and(NamedHook<?> hook) {
        return new Notices(
                Stream.<NamedHook<?>>concat(hooks.stream(), Stream.of(hook)).toList(), signal);
    }

    Notices with(WorkerSignal chosen) {
        return new Notices(hooks, Optional.of(Objects.requireNonNull(chosen, "null is no worker signal")));
    }

    /** In the order in which they were declared. */
    List<NamedHook<?>> at(Moment moment) {
        return hooks.stream().filter(hook -> hook.moment() == moment).toList();
    }

    /** How long those take at worst that a deployment waits for. */
    Duration longest() {
        Duration signals = signal.map(told -> told.limit().multipliedBy(SIGNALS).plus(told.seenWithin()))
                .orElse(Duration.ZERO);
        return hooks.stream().map(hook -> hook.terms().limit()).reduce(signals, Duration::plus);
    }

    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (int place = 0; place < hooks.size(); place++) {
            NamedHook<?> hook = hooks.get(place);
            hook.problem().ifPresent(problems::add);
            if (hooks.subList(0, place).stream().anyMatch(earlier -> earlier.is(hook.moment(), hook.name()))) {
                problems.add("there are two hooks \"" + hook.name() + "\" " + hook.moment()
                        + ", and nobody could tell them apart; give one another name");
            }
        }
        signal.map(WorkerSignal::problems).ifPresent(problems::addAll);
        return problems;
    }

    /** For the plan. */
    List<String> lines() {
        Stream<String> lines = Stream.of(Moment.values())
                .flatMap(moment -> at(moment).stream())
                .map(NamedHook::line);
        Stream<String> told = signal.stream().map(way -> "workers are told their turn " + way.description());
        return Stream.concat(lines, told).toList();
    }
}
