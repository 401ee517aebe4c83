package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.time.TimeSource;
import java.util.Map;
import java.util.Optional;

/** What a hook may look at and use: the run that is over, and what it needs to tell somebody about it. */
public interface HookContext extends FinishedRun {

    /** The name of the method that declared the hook: {@code onFixed}. */
    String when();

    /** What was checked out, or what the trigger asked for; 40 hexadecimal digits. */
    Optional<String> commit();

    /** Every stage and gate by its name, in the order of the plan. */
    Map<String, Outcome> outcomes();

    /**
     * The secret itself.
     *
     * @throws IllegalStateException if the hook's action does not name it among its {@link Hook.Action#secrets()}
     */
    String reveal(Secret secret);

    /** The text without the secrets of the run. Whatever leaves the process passes this; what came of stages has not. */
    String masked(String text);

    TimeSource time();
}
