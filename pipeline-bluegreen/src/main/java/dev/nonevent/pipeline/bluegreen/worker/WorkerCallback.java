package dev.nonevent.pipeline.bluegreen.worker;

/** A way of your own to tell a worker its state. */
@FunctionalInterface
public interface WorkerCallback {

    /**
     * Runs on a thread of its own, and may be called with the same state again. When it returns, the worker keeps to it: one
     * that was told {@link WorkerState#DRAINING} takes nothing any more.
     *
     * @throws Exception if the worker does not know; its message is what people read
     */
    void tell(Worker worker, WorkerState state) throws Exception;
}
