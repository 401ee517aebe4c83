package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Entrance;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.Optional;
import java.util.function.Function;

/** Sets a new connection up for the protocol its client speaks. */
final class Reception {

    private final Entrance entrance;
    private final Function<EventLoop, UpstreamPool> pools;
    private final RequestIds ids;
    private final Limits limits;
    private final Optional<Certificates> certificates;
    private final Farewell farewell;

    /** @param certificates empty: without TLS */
    Reception(
            Entrance entrance,
            Function<EventLoop, UpstreamPool> pools,
            RequestIds ids,
            Limits limits,
            Optional<Certificates> certificates,
            Farewell farewell) {
        this.entrance = entrance;
        this.pools = pools;
        this.ids = ids;
        this.limits = limits;
        this.certificates = certificates;
        this.farewell = farewell;
    }

    boolean tls() {
        return certificates.isPresent();
    }

    String scheme() {
        return tls() ? "https" : "http";
    }

    void welcome(Channel channel) {
        channel.pipeline().addLast(new ClientIdle(limits));
        if (certificates.isPresent()) {
            TlsDoor.open(channel, certificates.get().current(), this, limits);
        } else {
            channel.pipeline().addLast(new PlainDoor(this, limits));
        }
    }

    /** Takes requests of HTTP/1.1 from here on. */
    void http1(ChannelPipeline pipeline) {
        Framing framing = new Framing();
        pipeline.addLast(new StrictDecoder(limits, pool(pipeline).load()))
                .addLast(framing)
                .addLast(new ClientConnection(entrance, pool(pipeline), framing, ids, limits, scheme(), farewell));
    }

    /** Takes requests of HTTP/2 from here on. */
    void http2(ChannelPipeline pipeline) {
        UpstreamPool pool = pool(pipeline);
        ClientStreams streams = new ClientStreams(scheme(), limits, farewell);
        ChannelHandler eachStream = new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.config().setWriteBufferWaterMark(Unread.MARKS);
                stream.pipeline().addLast(new ClientStream(entrance, pool, ids, limits, streams));
            }
        };
        pipeline.addLast(codec().build())
                .addLast(new Http2MultiplexHandler(eachStream))
                .addLast(streams);
    }

    private Http2FrameCodecBuilder codec() {
        Limits.Streams streams = limits.streams();
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(streams.atOnce())
                .initialWindowSize(streams.window())
                .maxHeaderListSize(limits.head());
        int within = Math.toIntExact(streams.resetsWithin().toSeconds());
        return Http2FrameCodecBuilder.forServer()
                .initialSettings(settings)
                .validateHeaders(true)
                .decoderEnforceMaxRstFramesPerWindow(streams.resets(), within)
                .encoderEnforceMaxRstFramesPerWindow(streams.resets(), within)
                .encoderEnforceMaxQueuedControlFrames(streams.queuedControlFrames())
                .decoderEnforceMaxConsecutiveEmptyDataFrames(streams.emptyData())
                .decoderEnforceMaxSmallContinuationFrames(streams.smallContinuations())
                // whoever closes a connection has waited for its streams, or means to cut them
                .gracefulShutdownTimeoutMillis(0);
    }

    private UpstreamPool pool(ChannelPipeline pipeline) {
        return pools.apply(pipeline.channel().eventLoop());
    }
}
