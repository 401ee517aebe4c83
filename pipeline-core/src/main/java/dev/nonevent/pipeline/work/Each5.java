package dev.nonevent.pipeline.work;

/** The work of one cell of a fan-out that needs 5 values. */
@FunctionalInterface
public interface Each5<K, A, B, C, D, E, R> {

    R run(StageContext context, K key, A a, B b, C c, D d, E e) throws Exception;
}
