package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a node that ended badly is tried again, and after which pause. What nobody declared is retried only if the
 * infrastructure was in the way and may be so no more; a deploy never is.
 */
record Retries(boolean whateverWentWrong, int times) {

    /** One second, two, four, up to half a minute; each half as long or half as long again, so that nobody marches in step. */
    private static final IntervalFunction PAUSES =
            IntervalFunction.ofExponentialRandomBackoff(Duration.ofSeconds(1), 2, 0.5, Duration.ofSeconds(30));

    /** @param afterErrors how often after an error of the infrastructure, if the declaration says nothing */
    static Retries of(Declaration declaration, int afterErrors) {
        if (declaration.deed() instanceof Deed.Deploy) {
            return new Retries(false, 0);
        }
        Optional<Integer> declared = declaration.options().scheduling().retries();
        return new Retries(declared.isPresent(), declared.orElse(afterErrors));
    }

    /**
     * The pause before the next attempt, if there is one.
     *
     * @param outcome as it was before anything in it was masked
     */
    Optional<Duration> pause(Attempt ended, Outcome outcome) {
        return ended.number() <= times && applyTo(outcome)
                ? Optional.of(Duration.ofMillis(PAUSES.apply(ended.number())))
                : Optional.empty();
    }

    private boolean applyTo(Outcome outcome) {
        return outcome.failed()
                .map(failure -> failure.cause()
                        .filter(InfrastructureException.class::isInstance)
                        .map(InfrastructureException.class::cast)
                        .map(InfrastructureException::mayPass)
                        .orElse(whateverWentWrong))
                .orElse(false);
    }
}
