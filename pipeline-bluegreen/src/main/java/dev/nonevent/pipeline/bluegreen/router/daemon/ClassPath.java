package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import io.netty.channel.epoll.Epoll;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the daemon's JVM needs: the places where this JVM has the daemon's classes from. The property
 * {@code java.class.path} would not do: a build tool or a server that runs us has us in a class loader of its own.
 */
public final class ClassPath {

    private static final List<Class<?>> ONE_OF_EACH = List.of(
            RouterDaemon.class,
            dev.nonevent.pipeline.time.TimeSource.class,
            com.fasterxml.jackson.annotation.JsonProperty.class,
            com.fasterxml.jackson.core.JsonFactory.class,
            com.fasterxml.jackson.databind.ObjectMapper.class,
            com.fasterxml.jackson.datatype.jdk8.Jdk8Module.class,
            com.fasterxml.jackson.datatype.jsr310.JavaTimeModule.class,
            io.netty.buffer.ByteBuf.class,
            io.netty.channel.Channel.class,
            Epoll.class,
            io.netty.channel.unix.FileDescriptor.class,
            io.netty.handler.codec.ByteToMessageDecoder.class,
            io.netty.handler.codec.http.HttpRequest.class,
            io.netty.handler.codec.http2.Http2FrameCodec.class,
            io.netty.handler.timeout.IdleStateHandler.class,
            io.netty.resolver.AddressResolver.class,
            io.netty.util.ReferenceCounted.class,
            io.prometheus.metrics.config.PrometheusProperties.class,
            io.prometheus.metrics.expositionformats.ExpositionFormats.class,
            io.prometheus.metrics.model.snapshots.Labels.class,
            org.HdrHistogram.Histogram.class,
            org.slf4j.Logger.class);

    /** Of the jars that hold nothing but a library for one kind of machine; no others are needed where they are missing. */
    private static final List<String> NATIVE = List.of(
            "META-INF/native/libnetty_transport_native_epoll_x86_64.so",
            "META-INF/native/libnetty_transport_native_epoll_aarch_64.so");

    private ClassPath() {}

    public static String ofTheDaemon() {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> type : ONE_OF_EACH) {
            places.add(place(type));
        }
        for (String library : NATIVE) {
            placeOfNative(library).ifPresent(places::add);
        }
        return String.join(File.pathSeparator, places);
    }

    private static Optional<String> placeOfNative(String library) {
        URL found = Epoll.class.getClassLoader().getResource(library);
        if (found == null || !"jar".equals(found.getProtocol())) {
            return Optional.empty();
        }
        try {
            URI jar =
                    ((JarURLConnection) found.openConnection()).getJarFileURL().toURI();
            return "file".equals(jar.getScheme()) ? Optional.of(Path.of(jar).toString()) : Optional.empty();
        } catch (IOException | URISyntaxException e) {
            throw new InfrastructureException("the place of " + library + " is unreadable", e);
        }
    }

    private static String place(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || !"file".equals(source.getLocation().getProtocol())) {
            throw new InfrastructureException("the router cannot be started from here, as " + type.getName()
                    + " is in no file of its own: name its class path with Router.classPath(…)");
        }
        try {
            return Path.of(source.getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new InfrastructureException("the place of " + type.getName() + " is unreadable", e);
        }
    }
}
