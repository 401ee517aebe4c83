package dev.nonevent.pipeline.work;

/** What a stage does at its end, however it ended; it runs on a context of its own, with a deadline, also after a cancel. */
@FunctionalInterface
public interface Cleanup {

    void run(StageContext context) throws Exception;
}
