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
    private static final int MOST_RETRIES = 10;

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

    /**
     * @param limit how long all of it may take, with all its attempts and what lies between them; waiting for a person or for a
     *     lock aside; positive, at most 365 days
     */
    public S timeout(Duration limit) {
        open().timeout = time("timeout", limit);
        return self();
    }

    /**
     * Tries it again, up to so many times, whatever went wrong; each time in a workspace of its own, after a pause that grows. If
     * it passes after its work or its verdict went wrong, it is flaky, and every report says so. Without this a stage or gate is
     * tried again only when the infrastructure was in the way. A deploy is never tried again by itself.
     *
     * @param times from 0, which is never, to 10
     */
    public S retry(int times) {
        if (times < 0 || times > MOST_RETRIES) {
            throw new IllegalArgumentException(
                    draft.title() + ": retry must be from 0 to " + MOST_RETRIES + " times, was " + times);
        }
        open().retries = times;
        return self();
    }

    /** Has the lock to itself from its first attempt to the end of its last. Several are taken in the order of their names. */
    public S lock(Lock lock) {
        open().locks.put(lock.name(), lock);
        return self();
    }

    /**
     * Starts only when a person has said yes to what it is about to take; until then no thread is held. A no blocks it.
     *
     * @param by who is asked, for people; who may answer is decided by who may write to the home of the runner
     */
    public S approvedBy(String by) {
        NameRule.ofText(by).ifPresent(problem -> {
            throw new IllegalArgumentException(draft.title() + ": the name given to approvedBy " + problem);
        });
        open().approver = by;
        return self();
    }

    /** @param limit how long the approval is waited for, seven days if not said; positive, at most 365 days */
    public S approvedWithin(Duration limit) {
        open().approvedWithin = time("approvedWithin", limit);
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

    private Duration time(String word, Duration limit) {
        if (limit.isZero() || limit.isNegative() || limit.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    draft.title() + ": " + word + " must be positive and at most 365 days, was " + limit);
        }
        return limit;
    }

    private String checked(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException(draft.title() + ": " + NameRule.shown(name)
                    + " is not the name of a variable: letters, digits and underscores, not a digit first");
        }
        return name;
    }
}
