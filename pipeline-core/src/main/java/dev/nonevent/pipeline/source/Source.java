package dev.nonevent.pipeline.source;

import dev.nonevent.pipeline.work.Work0;

/** Where code comes from: the work of a stage that needs nothing and gives a checkout. */
@FunctionalInterface
public interface Source extends Work0<Checkout> {}
