package dev.nonevent.pipeline.gate;

import dev.nonevent.pipeline.work.StageContext;

/** The question of a gate that needs nothing. */
@FunctionalInterface
public interface Check0 {

    Verdict check(StageContext context) throws Exception;
}
