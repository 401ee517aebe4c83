package dev.nonevent.pipeline.work;

/** The work of one cell of a fan-out that needs 2 values. */
@FunctionalInterface
public interface Each2<K, A, B, R> {

    R run(StageContext context, K key, A a, B b) throws Exception;
}
