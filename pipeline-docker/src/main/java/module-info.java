/** Commands in containers. */
module dev.nonevent.pipeline.docker {
    exports dev.nonevent.pipeline.docker;
    exports dev.nonevent.pipeline.docker.swarm;

    requires transitive dev.nonevent.pipeline.core;
    requires com.fasterxml.jackson.databind;
    requires com.github.dockerjava.api;
    requires com.github.dockerjava.core;
    requires com.github.dockerjava.transport;
    requires com.github.dockerjava.transport.httpclient5;
    requires com.google.common;
    requires io.github.resilience4j.core;
    requires io.github.resilience4j.retry;
    requires jdk.net;
    requires org.apache.commons.compress;
    requires org.apache.commons.io;
    requires org.apache.commons.lang3;
    requires org.slf4j;
}
