package dev.nonevent.pipeline.event;

/**
 * Hears the events of a run.
 *
 * <p>The law: events come in order and one thread at a time; the next one waits until this returns. An exception is
 * logged and never fails the run. Everything that could be a secret is masked already.
 */
@FunctionalInterface
public interface RunListener {

    void on(RunEvent event);
}
