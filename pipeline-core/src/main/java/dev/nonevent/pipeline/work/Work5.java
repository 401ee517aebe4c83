package dev.nonevent.pipeline.work;

/** The work of a stage that needs 5 values. */
@FunctionalInterface
public interface Work5<A, B, C, D, E, R> {

    R run(StageContext context, A a, B b, C c, D d, E e) throws Exception;
}
