package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Who is told of a deployment while it goes on, and may have a say. */
record Notices(List<NamedHook<?>> hooks) {

    static final Notices NONE = new Notices(List.of());

    Notices {
        hooks = List.copyOf(hooks);
    }

    Notices and(NamedHook<?> hook) {
        return new Notices(
                Stream.<NamedHook<?>>concat(hooks.stream(), Stream.of(hook)).toList());
    }

    /** In the order in which they were declared. */
    List<NamedHook<?>> at(Moment moment) {
        return hooks.stream().filter(hook -> hook.moment() == moment).toList();
    }

    /** How long those take at worst that a deployment waits for. */
    Duration longest() {
        return hooks.stream().map(hook -> hook.terms().limit()).reduce(Duration.ZERO, Duration::plus);
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
        return problems;
    }

    /** For the plan. */
    List<String> lines() {
        return Stream.of(Moment.values())
                .flatMap(moment -> at(moment).stream())
                .map(NamedHook::line)
                .toList();
    }
}
