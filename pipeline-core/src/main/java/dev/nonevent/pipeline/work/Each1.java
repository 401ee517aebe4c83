package dev.nonevent.pipeline.work;

/** The work of one cell of a fan-out that needs one value. */
@FunctionalInterface
public interface Each1<K, A, R> {

    R run(StageContext context, K key, A a) throws Exception;
}
