package dev.nonevent.pipeline.work;

/** The work of a stage that needs 2 values. */
@FunctionalInterface
public interface Work2<A, B, R> {

    R run(StageContext context, A a, B b) throws Exception;
}
