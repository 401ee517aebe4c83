/** The language, the engine, and what a gate, a host and a source are. */
module dev.nonevent.pipeline.core {
    exports dev.nonevent.pipeline.artifact;
    exports dev.nonevent.pipeline.cli;
    exports dev.nonevent.pipeline.definition;
    exports dev.nonevent.pipeline.deployment;
    exports dev.nonevent.pipeline.event;
    exports dev.nonevent.pipeline.executor;
    exports dev.nonevent.pipeline.forge;
    exports dev.nonevent.pipeline.gate;
    exports dev.nonevent.pipeline.journal;
    exports dev.nonevent.pipeline.notice;
    exports dev.nonevent.pipeline.outcome;
    exports dev.nonevent.pipeline.plan;
    exports dev.nonevent.pipeline.report;
    exports dev.nonevent.pipeline.run;
    exports dev.nonevent.pipeline.secret;
    exports dev.nonevent.pipeline.source;
    exports dev.nonevent.pipeline.testkit;
    exports dev.nonevent.pipeline.time;
    exports dev.nonevent.pipeline.trigger;
    exports dev.nonevent.pipeline.work;

    requires static transitive org.jspecify;
    requires static transitive com.google.errorprone.annotations;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires info.picocli;
    requires io.github.resilience4j.core;
    requires io.github.resilience4j.retry;
    requires java.xml;
    requires jdk.httpserver;
    requires jdk.unsupported;
    requires okhttp3;
    requires org.eclipse.jgit;
    requires org.slf4j;
}
