package dev.nonevent.pipeline.work;

/** The work of a stage that needs one value. */
@FunctionalInterface
public interface Work1<A, R> {

    R run(StageContext context, A a) throws Exception;
}
