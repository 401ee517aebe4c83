package dev.nonevent.pipeline.gate;

import dev.nonevent.pipeline.work.StageContext;

/** The question of a gate that needs 5 values. */
@FunctionalInterface
public interface Check5<A, B, C, D, E> {

    Verdict check(StageContext context, A a, B b, C c, D d, E e) throws Exception;
}
