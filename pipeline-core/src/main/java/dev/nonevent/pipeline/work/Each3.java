package dev.nonevent.pipeline.work;

/** The work of one cell of a fan-out that needs 3 values. */
@FunctionalInterface
public interface Each3<K, A, B, C, R> {

    R run(StageContext context, K key, A a, B b, C c) throws Exception;
}
