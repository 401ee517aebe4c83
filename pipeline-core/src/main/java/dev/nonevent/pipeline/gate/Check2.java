package dev.nonevent.pipeline.gate;

import dev.nonevent.pipeline.work.StageContext;

/** The question of a gate that needs 2 values. */
@FunctionalInterface
public interface Check2<A, B> {

    Verdict check(StageContext context, A a, B b) throws Exception;
}
