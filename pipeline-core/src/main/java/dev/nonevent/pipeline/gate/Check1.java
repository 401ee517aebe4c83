package dev.nonevent.pipeline.gate;

import dev.nonevent.pipeline.work.StageContext;

/** The question of a gate that needs one value. */
@FunctionalInterface
public interface Check1<A> {

    Verdict check(StageContext context, A a) throws Exception;
}
