package dev.nonevent.pipeline.gate;

import dev.nonevent.pipeline.work.StageContext;

/** The question of a gate that needs 3 values. */
@FunctionalInterface
public interface Check3<A, B, C> {

    Verdict check(StageContext context, A a, B b, C c) throws Exception;
}
