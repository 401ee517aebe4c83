package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.gate.Verdict;
import java.util.function.Function;

/** What a declaration does: exactly one of the three verbs, or none because it was forgotten. */
public sealed interface Deed {

    /** {@code run}: makes a value. */
    record Work(Code code, Body<?> body) implements Deed {}

    /** {@code check}: answers a question. */
    record Check(Code code, Body<Verdict> body) implements Deed {}

    /** {@code deploy}: brings its one input to its users. */
    record Deploy(Code code, DeploymentStrategy<?, ?> strategy) implements Deed {}

    /** The verb is missing; a plan refuses it. */
    record Missing() implements Deed {}

    default <R> R fold(
            Function<? super Work, ? extends R> work,
            Function<? super Check, ? extends R> check,
            Function<? super Deploy, ? extends R> deploy,
            Function<? super Missing, ? extends R> missing) {
        if (this instanceof Work deed) {
            return work.apply(deed);
        } else if (this instanceof Check deed) {
            return check.apply(deed);
        } else if (this instanceof Deploy deed) {
            return deploy.apply(deed);
        }
        return missing.apply((Missing) this);
    }
}
