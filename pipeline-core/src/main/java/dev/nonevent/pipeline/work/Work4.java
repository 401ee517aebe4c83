package dev.nonevent.pipeline.work;

/** The work of a stage that needs 4 values. */
@FunctionalInterface
public interface Work4<A, B, C, D, R> {

    R run(StageContext context, A a, B b, C c, D d) throws Exception;
}
