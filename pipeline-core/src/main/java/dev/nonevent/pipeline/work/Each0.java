package dev.nonevent.pipeline.work;

/** The work of one cell of a fan-out that needs nothing. */
@FunctionalInterface
public interface Each0<K, R> {

    R run(StageContext context, K key) throws Exception;
}
