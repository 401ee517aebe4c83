package dev.nonevent.pipeline.bluegreen.hook;

/**
 * What a pipeline does at one moment of a deployment: migrate a database before the start, warm a cache before the switch,
 * tell a team after it.
 *
 * <p>It runs on a thread of its own, which is interrupted when its time is over or the deployment is given up; one that does not
 * heed that is left behind and holds nobody up. <b>It may run more than once for the same deployment:</b> what a process was
 * doing when it died is done again by the next one, unless that undoes the deployment. So it has to come to the same end the
 * second time.
 *
 * @param <F> what it is told
 */
@FunctionalInterface
public interface Hook<F extends HookFacts> {

    /** @throws Exception if it has failed; its message is what people read, so no secrets in it */
    void run(F facts) throws Exception;
}
