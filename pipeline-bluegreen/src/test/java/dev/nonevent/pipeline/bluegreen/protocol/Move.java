package dev.nonevent.pipeline.bluegreen.protocol;

/** What has happened, for who reads a trace, and what it has led to. */
record Move(String what, World to) {}
