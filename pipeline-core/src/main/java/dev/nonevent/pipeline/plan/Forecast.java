package dev.nonevent.pipeline.plan;

import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.GateHandle;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.work.Parameter;
import dev.nonevent.pipeline.work.Trigger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a run would do with each stage, as far as that can be known before it: from what would start it and its parameters,
 * without carrying anything out. What only the run can know stays open and says so; a guess is never made.
 */
public final class Forecast {

    private final Map<Handle, Fate> fates = new LinkedHashMap<>();

    /** What becomes of one stage or gate, if all before it goes well. */
    public sealed interface Fate {

        /** It runs. */
        record Runs() implements Fate {}

        /** It is skipped; {@code why} is a sentence. */
        record Skipped(String why) implements Fate {}

        /** Its condition looks at something that is not known yet. */
        record Open(String condition) implements Fate {}

        default <R> R fold(
                Function<? super Runs, ? extends R> runs,
                Function<? super Skipped, ? extends R> skipped,
                Function<? super Open, ? extends R> open) {
            if (this instanceof Skipped fate) {
                return skipped.apply(fate);
            } else if (this instanceof Open fate) {
                return open.apply(fate);
            }
            return runs.apply((Runs) this);
        }

        /** For people: {@code runs}; {@code skipped: needs deploy, which is skipped}. */
        default String text() {
            return fold(runs -> "runs", skipped -> "skipped: " + skipped.why(), open -> "only if " + open.condition());
        }
    }

    private Forecast() {}

    static Forecast of(Plan plan, Trigger trigger, Map<String, String> parameters) {
        Forecast forecast = new Forecast();
        Known known = new Known(trigger, values(plan, parameters));
        for (Declaration step : plan.steps()) {
            forecast.fates.put(step.handle(), forecast.fate(step, known));
        }
        return forecast;
    }

    /** @throws IllegalArgumentException if the handle is of another pipeline */
    public Fate of(Handle handle) {
        Fate fate = fates.get(handle);
        if (fate == null) {
            throw new IllegalArgumentException(handle + " is not of this pipeline");
        }
        return fate;
    }

    private Fate fate(Declaration step, Known known) {
        return Stream.concat(step.gates().stream(), step.inputs().stream())
                .flatMap(before -> missing(before).stream())
                .findFirst()
                .orElseGet(() -> step.options().conditions().stream()
                        .map(known::fate)
                        .filter(fate -> !(fate instanceof Fate.Runs))
                        // One that certainly does not hold decides, whatever the others say.
                        .min((one, other) -> Boolean.compare(one instanceof Fate.Open, other instanceof Fate.Open))
                        .orElseGet(Fate.Runs::new));
    }

    private Optional<Fate> missing(Handle before) {
        String verb = before instanceof GateHandle ? "requires " : "needs ";
        return of(before)
                .fold(
                        runs -> Optional.empty(),
                        skipped -> Optional.of(new Fate.Skipped(verb + "\"" + before.name() + "\", which is skipped")),
                        open -> Optional.of(new Fate.Open("\"" + before.name() + "\" runs")));
    }

    /** What is given, else the fallbacks; what must be given and is not is not known. */
    private static Map<String, Object> values(Plan plan, Map<String, String> texts) {
        Map<String, Object> values = new HashMap<>();
        for (Parameter<?> parameter : plan.pipeline().parameters()) {
            String text = texts.get(parameter.name());
            if (text != null) {
                values.put(parameter.name(), parameter.read().apply(text));
            } else {
                parameter.fallback().ifPresent(value -> values.put(parameter.name(), value));
            }
        }
        return values;
    }

    /** What conditions may look at, and what they looked at. */
    private static final class Known implements Condition.Facts {

        private final Trigger trigger;
        private final Map<String, Object> values;
        private final Set<String> lookedAt = new LinkedHashSet<>();
        private boolean missed;

        Known(Trigger trigger, Map<String, Object> values) {
            this.trigger = trigger;
            this.values = values;
        }

        Fate fate(Condition condition) {
            lookedAt.clear();
            missed = false;
            try {
                boolean holds = condition.holds(this);
                if (!missed) {
                    return holds ? new Fate.Runs() : new Fate.Skipped(why(condition));
                }
            } catch (NotGiven unknown) {
                return new Fate.Open(condition.text());
            }
            return new Fate.Open(condition.text());
        }

        private String why(Condition condition) {
            return String.join(
                    ", ",
                    Stream.concat(lookedAt.stream(), Stream.of("not: " + condition.text()))
                            .toList());
        }

        /** A run may learn it from its checkout, so that there is none now does not mean that there will be none. */
        @Override
        public Optional<String> branch() {
            missed |= trigger.branch().isEmpty();
            trigger.branch().ifPresent(name -> lookedAt.add("the branch is " + name));
            return trigger.branch();
        }

        @Override
        public String trigger() {
            lookedAt.add("the trigger is " + trigger.kind());
            return trigger.kind();
        }

        @Override
        public <T> T value(Parameter<T> parameter) {
            Object value = values.get(parameter.name());
            if (value == null) {
                throw new NotGiven();
            }
            lookedAt.add(parameter.name() + " is " + Parameter.text(value));
            return parameter.type().cast(value);
        }
    }

    /** Leads out of a condition that asks for a parameter nobody has given. */
    private static final class NotGiven extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The names of what is skipped for certain, in the order of the plan. */
    public List<String> skipped() {
        return fates.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Fate.Skipped)
                .map(entry -> entry.getKey().name())
                .toList();
    }
}
