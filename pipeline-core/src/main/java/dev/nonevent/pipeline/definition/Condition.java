package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.work.Parameter;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** When a stage runs, with its text: a skip always says why. */
public interface Condition {

    /** As in a sentence after "when": {@code the branch is main}. */
    String text();

    boolean holds(Facts facts);

    /** What a condition may look at. */
    interface Facts {

        /** The branch the run is about: the trigger's, else the one the first checkout was asked for. */
        Optional<String> branch();

        /** {@code manual}, {@code push}, … */
        String trigger();

        <T> T value(Parameter<T> parameter);
    }

    static Condition of(String text, Predicate<? super Facts> holds) {
        return new Condition() {
            @Override
            public String text() {
                return text;
            }

            @Override
            public boolean holds(Facts facts) {
                return holds.test(facts);
            }

            @Override
            public String toString() {
                return text;
            }
        };
    }

    static Condition branchIs(String branch) {
        return of("the branch is " + branch, facts -> facts.branch().equals(Optional.of(branch)));
    }

    static <T> Condition parameterIs(Parameter<T> parameter, T value) {
        return of(
                parameter.name() + " is " + Parameter.text(value),
                facts -> Objects.equals(facts.value(parameter), value));
    }

    default Condition not() {
        return of("not (" + text() + ")", facts -> !holds(facts));
    }
}
