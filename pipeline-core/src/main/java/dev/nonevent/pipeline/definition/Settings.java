package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.work.Cleanup;
import java.time.Duration;
import java.util.Collections;

/**
 * What can be said about any stage or gate, in any order, before its verb.
 *
 * @param <S> the type that goes on speaking
 */
@CheckReturnValue
public abstract class Settings<S extends Settings<S>> {

    final Draft draft;

    Settings(Draft draft) {
        this.draft = draft;
    }

    abstract S self();

    /** Runs only after each of these gates has passed; if one does not, this is skipped. */
    public S requires(GateHandle... gates) {
        Collections.addAll(draft.gates, gates);
        return self();
    }

    /** Runs after these have ended well, and takes nothing from them. */
    public S after(Handle... handles) {
        Collections.addAll(draft.after, handles);
        return self();
    }

    /** Runs only when this holds, else it is skipped and says so. Several conditions must all hold. */
    public S when(Condition condition) {
        draft.conditions.add(condition);
        return self();
    }

    /** @param limit how long all of it may take; positive */
    public S timeout(Duration limit) {
        if (limit.isZero() || limit.isNegative()) {
            throw new IllegalArgumentException(draft.title() + ": timeout must be positive, was " + limit);
        }
        draft.timeout = limit;
        return self();
    }

    /** A variable for its commands. */
    public S env(String name, String value) {
        draft.environment.put(checked(name), value);
        return self();
    }

    /** A variable for its commands whose value is a secret; the value is masked wherever it would be printed. */
    public S env(String name, Secret secret) {
        draft.secretEnvironment.put(checked(name), secret);
        draft.secrets.add(secret);
        return self();
    }

    /** Lets its code {@link dev.nonevent.pipeline.work.StageContext#reveal reveal} the secret. */
    public S secret(Secret secret) {
        draft.secrets.add(secret);
        return self();
    }

    /** Runs at its end however it ended, on a context of its own. */
    public S cleanup(Cleanup cleanup) {
        draft.cleanup = cleanup;
        return self();
    }

    private String checked(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException(draft.title() + ": \"" + name
                    + "\" is not the name of a variable: letters, digits and underscores, not a digit first");
        }
        return name;
    }
}
