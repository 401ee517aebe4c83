package dev.nonevent.pipeline.work;

/** The work of a stage that needs 3 values. */
@FunctionalInterface
public interface Work3<A, B, C, R> {

    R run(StageContext context, A a, B b, C c) throws Exception;
}
