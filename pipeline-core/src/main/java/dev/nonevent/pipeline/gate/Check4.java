package dev.nonevent.pipeline.gate;

import dev.nonevent.pipeline.work.StageContext;

/** The question of a gate that needs 4 values. */
@FunctionalInterface
public interface Check4<A, B, C, D> {

    Verdict check(StageContext context, A a, B b, C c, D d) throws Exception;
}
