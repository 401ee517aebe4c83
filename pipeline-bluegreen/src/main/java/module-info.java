/** Blue-green deployments behind our own router. */
module dev.nonevent.pipeline.bluegreen {
    exports dev.nonevent.pipeline.bluegreen;
    exports dev.nonevent.pipeline.bluegreen.freeze;
    exports dev.nonevent.pipeline.bluegreen.haproxy;
    exports dev.nonevent.pipeline.bluegreen.hook;
    exports dev.nonevent.pipeline.bluegreen.judge;
    exports dev.nonevent.pipeline.bluegreen.metric;
    exports dev.nonevent.pipeline.bluegreen.nginx;
    exports dev.nonevent.pipeline.bluegreen.report;
    exports dev.nonevent.pipeline.bluegreen.router;
    exports dev.nonevent.pipeline.bluegreen.slot;
    exports dev.nonevent.pipeline.bluegreen.testkit;
    exports dev.nonevent.pipeline.bluegreen.traffic;
    exports dev.nonevent.pipeline.bluegreen.worker;

    opens dev.nonevent.pipeline.bluegreen.ledger to
            com.fasterxml.jackson.databind;
    opens dev.nonevent.pipeline.bluegreen.proxy to
            com.fasterxml.jackson.databind;
    opens dev.nonevent.pipeline.bluegreen.report to
            com.fasterxml.jackson.databind;
    opens dev.nonevent.pipeline.bluegreen.router.daemon to
            com.fasterxml.jackson.databind;
    opens dev.nonevent.pipeline.bluegreen.router.switchboard to
            com.fasterxml.jackson.databind;
    opens dev.nonevent.pipeline.bluegreen.router.watch to
            com.fasterxml.jackson.databind;
    opens dev.nonevent.pipeline.bluegreen.traffic to
            com.fasterxml.jackson.databind;

    requires transitive dev.nonevent.pipeline.core;
    requires HdrHistogram;
    requires io.prometheus.metrics.config;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires com.fasterxml.jackson.annotation;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires io.netty.buffer;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.resolver;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires okhttp3;
    requires org.apache.commons.numbers.gamma;
    requires org.apache.commons.statistics.distribution;
    requires org.slf4j;
}
