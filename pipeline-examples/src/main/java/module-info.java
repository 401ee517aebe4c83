/** One file with a main each, each run by a test. */
module dev.nonevent.pipeline.examples {
    requires dev.nonevent.pipeline.bluegreen;
    requires dev.nonevent.pipeline.core;
    requires dev.nonevent.pipeline.docker;
}
