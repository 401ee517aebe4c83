package dev.nonevent.pipeline.bluegreen.router;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of HTTP/2 that sends what it is told, right or wrong, and says what came back. */
public final class StreamClient implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;

    /** A half of what Netty takes on a connection: one stream that is not read from leaves room for others. */
    private static final int STREAM_WINDOW = 32 * 1024;

    /** The error of the router's GOAWAY, once there was one. */
    public final CompletableFuture<Long> goAway = new CompletableFuture<>();

    public final CompletableFuture<Http2Settings> settings = new CompletableFuture<>();
    public final Channel channel;
    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** Without TLS, HTTP/2 from the first byte on; or with it, if a certificate is trusted. */
    public StreamClient(URI address, X509Certificate... trusted) throws Exception {
        Optional<SslContext> tls = trusted.length == 0 ? Optional.empty() : Optional.of(tls(trusted));
        channel = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel made) {
                        tls.ifPresent(context -> made.pipeline()
                                .addLast(context.newHandler(made.alloc(), address.getHost(), address.getPort())));
                        made.pipeline()
                                .addLast(Http2FrameCodecBuilder.forClient()
                                        .validateHeaders(false)
                                        .initialSettings(new Http2Settings()
                                                .pushEnabled(false)
                                                .initialWindowSize(STREAM_WINDOW))
                                        .encoderIgnoreMaxHeaderListSize(true)
                                        .gracefulShutdownTimeoutMillis(0)
                                        .build())
                                .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()))
                                .addLast(new Ears());
                    }
                })
                .connect(address.getHost(), address.getPort())
                .sync()
                .channel();
        settings.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** What a stream brought back; a reset instead of an end has its error. */
    public record Answer(
            int status,
            Map<String, String> headers,
            String body,
            Map<String, String> trailers,
            Optional<Http2Error> reset) {}

    public static Http2Headers fields(String... namesAndValues) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    /** The head of a request for shop. */
    public static Http2Headers head(String method, String path, String... more) {
        Http2Headers headers = fields(":method", method, ":scheme", "http", ":path", path, ":authority", "shop");
        for (int i = 0; i < more.length; i += 2) {
            headers.add(more[i], more[i + 1]);
        }
        return headers;
    }

    public Answer get(String path, String... more) throws Exception {
        return open(head("GET", path, more), true).answer();
    }

    public Exchange open(Http2Headers headers, boolean end) throws Exception {
        return open(headers, end, true);
    }

    /** @param reads false: takes no more than its window, until it is told to read */
    public Exchange open(Http2Headers headers, boolean end, boolean reads) throws Exception {
        Exchange exchange = new Exchange();
        exchange.stream = new Http2StreamChannelBootstrap(channel)
                .option(ChannelOption.AUTO_READ, reads)
                .handler(exchange)
                .open()
                .sync()
                .getNow();
        exchange.stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end));
        return exchange;
    }

    /** One request and what came back of it. */
    public static final class Exchange extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Object> frames = new LinkedBlockingQueue<>();
        private final StringBuilder body = new StringBuilder();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private final Map<String, String> trailers = new LinkedHashMap<>();
        public Http2StreamChannel stream;
        public int status;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            frames.add(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof Http2ResetFrame) {
                frames.add(event);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            frames.add("closed");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            frames.add(cause);
        }

        public Exchange send(String data, boolean end) {
            byte[] bytes = data.getBytes(StandardCharsets.ISO_8859_1);
            stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), end));
            return this;
        }

        public Exchange trailers(String... namesAndValues) {
            stream.writeAndFlush(new DefaultHttp2HeadersFrame(fields(namesAndValues), true));
            return this;
        }

        public void reset() {
            stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        }

        /** Waits until there is a head that is none of an interim answer; the status of one that is is its own. */
        public int awaitHead() throws Exception {
            take(next());
            return status;
        }

        /** Reads to the end, or the reset. */
        public Answer answer() throws Exception {
            while (true) {
                Object frame = next();
                if (frame instanceof Http2ResetFrame reset) {
                    return ended(Optional.of(Http2Error.valueOf(reset.errorCode())));
                }
                if (frame instanceof String || frame instanceof Throwable) {
                    throw new java.io.IOException("the stream ended: " + frame);
                }
                if (take(frame)) {
                    return ended(Optional.empty());
                }
            }
        }

        /** The error with which the router ended the stream, whatever it had said before. */
        public Http2Error awaitReset() throws Exception {
            while (true) {
                Object frame = next();
                if (frame instanceof Http2ResetFrame reset) {
                    return Http2Error.valueOf(reset.errorCode());
                }
                if (frame instanceof String || frame instanceof Throwable) {
                    throw new java.io.IOException("the stream ended: " + frame);
                }
                take(frame);
            }
        }

        private Answer ended(Optional<Http2Error> reset) {
            return new Answer(status, headers, body.toString(), trailers, reset);
        }

        private Object next() throws Exception {
            Object frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (frame == null) {
                throw new java.io.IOException("nothing came for " + PATIENCE_SECONDS + " s");
            }
            return frame;
        }

        /** Whether it was the last. */
        private boolean take(Object frame) {
            try {
                if (frame instanceof Http2HeadersFrame head) {
                    boolean isHead = head.headers().status() != null;
                    if (isHead) {
                        status = Integer.parseInt(head.headers().status().toString());
                    }
                    head.headers()
                            .forEach(field -> (isHead ? headers : trailers)
                                    .put(
                                            field.getKey().toString(),
                                            field.getValue().toString()));
                    return head.isEndStream();
                }
                if (frame instanceof Http2DataFrame data) {
                    body.append(data.content().toString(StandardCharsets.ISO_8859_1));
                    return data.isEndStream();
                }
                return false;
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static SslContext tls(X509Certificate... trusted) throws Exception {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(trusted)
                .endpointIdentificationAlgorithm("HTTPS")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        "h2"))
                .build();
    }

    /** Hears what concerns the connection. */
    private final class Ears extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2GoAwayFrame bye) {
                goAway.complete(bye.errorCode());
            } else if (message instanceof Http2SettingsFrame said) {
                settings.complete(said.settings());
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            goAway.completeExceptionally(new java.io.IOException("closed without a word"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            goAway.completeExceptionally(cause);
            context.close();
        }
    }
}
