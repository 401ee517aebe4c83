package dev.nonevent.pipeline.work;

/** The work of a stage that needs nothing. */
@FunctionalInterface
public interface Work0<R> {

    R run(StageContext context) throws Exception;
}
