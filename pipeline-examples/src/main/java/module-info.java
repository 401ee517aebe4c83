/** One file with a main each, each run by a test. */
module dev.nonevent.pipeline.examples {
    exports dev.nonevent.pipeline.examples;

    requires com.fasterxml.jackson.databind;
    requires dev.nonevent.pipeline.bluegreen;
    requires dev.nonevent.pipeline.core;
    requires dev.nonevent.pipeline.docker;
    requires okhttp3;
    requires org.eclipse.jgit;
}
