package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceUrl;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.work.Cleanup;
import java.time.Duration;

/**
 * What can be said about any stage or gate, in any order, before its verb.
 *
 * @param <S> the type that goes on speaking
 */
@CheckReturnValue
public abstract class Settings<S extends Settings<S>> {

    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

    final Draft draft;

    Settings(Draft draft) {
        this.draft = draft;
    }

    abstract S self();

    /** Runs only after each of these gates has passed; if one does not, this is skipped. */
    public S requires(GateHandle... gates) {
        open().gates.addAll(draft.present("requires", gates));
        return self();
    }

    /** Runs after these have ended well, and takes nothing from them. */
    public S after(Handle... handles) {
        open().after.addAll(draft.present("after", handles));
        return self();
    }

    /** Runs only when this holds, else it is skipped and says so. Several conditions must all hold. */
    public S when(Condition condition) {
        open().conditions.add(condition);
        return self();
    }

    /** @param limit how long all of it may take, waiting for a person aside; positive, at most 365 days */
    public S timeout(Duration limit) {
        if (limit.isZero() || limit.isNegative() || limit.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    draft.title() + ": timeout must be positive and at most 365 days, was " + limit);
        }
        open().timeout = limit;
        return self();
    }

    /** A variable for its commands. */
    public S env(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(draft.title() + ": the value of " + name + " contains U+0000");
        }
        open().environment.put(checked(name), value);
        return self();
    }

    /** A variable for its commands whose value is a secret; the value is masked wherever it would be printed. */
    public S env(String name, Secret secret) {
        open().secretEnvironment.put(checked(name), secret);
        open().secrets.add(secret);
        return self();
    }

    /** A variable for its commands with the address of a service, as they reach it; the service runs beside them. */
    public S env(String name, ServiceUrl url) {
        open().serviceEnvironment.put(checked(name), url);
        open().services.add(url.service());
        return self();
    }

    /** Runs with this service beside it, one for all of a run that name it. Several are started in this order. */
    public S service(Service service) {
        open().services.add(service);
        return self();
    }

    /** Lets its code {@link dev.nonevent.pipeline.work.StageContext#reveal reveal} the secret. */
    public S secret(Secret secret) {
        open().secrets.add(secret);
        return self();
    }

    /** Runs at its end however it ended, on a context of its own. */
    public S cleanup(Cleanup cleanup) {
        open().cleanup = cleanup;
        return self();
    }

    final Draft open() {
        draft.mustBeOpen();
        return draft;
    }

    private String checked(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException(draft.title() + ": " + NameRule.shown(name)
                    + " is not the name of a variable: letters, digits and underscores, not a digit first");
        }
        return name;
    }
}
