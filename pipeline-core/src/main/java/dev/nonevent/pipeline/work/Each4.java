package dev.nonevent.pipeline.work;

/** The work of one cell of a fan-out that needs 4 values. */
@FunctionalInterface
public interface Each4<K, A, B, C, D, R> {

    R run(StageContext context, K key, A a, B b, C c, D d) throws Exception;
}
