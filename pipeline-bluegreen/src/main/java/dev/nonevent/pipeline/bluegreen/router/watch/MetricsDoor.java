package dev.nonevent.pipeline.bluegreen.router.watch;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where Prometheus asks: {@code GET /metrics} and nothing else, on this machine only. The text format of version 0.0.4, or
 * OpenMetrics if it is asked for. Each answer ends its connection; a thread of its own gives it, so that no user waits.
 */
public final class MetricsDoor implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int LARGEST = 4 * 1024;
    private static final long PATIENCE_SECONDS = 10;
    private static final long CLOSE_MILLIS = 2_000;

    private final ExpositionFormats formats = ExpositionFormats.init();
    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("metrics", true), NioIoHandler.newFactory());
    private final House house;
    private final int port;
    private final Consumer<String> say;
    private final ServerBootstrap bootstrap;
    private volatile @Nullable Channel listener;
    private volatile boolean closed;

    /**
     * Listens when it returns, unless another program does. Then it says so and tries again every second: users are served
     * meanwhile, and the router that one takes over from may go on being asked.
     *
     * @param port zero: any free one
     */
    public MetricsDoor(House house, int port, Consumer<String> say) throws InterruptedException {
        this.house = house;
        this.port = port;
        this.say = say;
        this.bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new ReadTimeoutHandler(PATIENCE_SECONDS, TimeUnit.SECONDS))
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(LARGEST))
                                .addLast(new Scrape());
                    }
                });
        ChannelFuture bound = bootstrap.bind(LOOPBACK, port).await();
        if (bound.isSuccess()) {
            listener = bound.channel();
        } else {
            say.accept("the metrics cannot be shown on port " + port + " ("
                    + bound.cause().getMessage() + "): end the program that uses it; it is tried again until then");
            tryAgain();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with its loop
    private void tryAgain() {
        if (closed) {
            return;
        }
        loop.schedule(
                () -> bootstrap.bind(LOOPBACK, port).addListener((ChannelFuture bound) -> {
                    if (!bound.isSuccess()) {
                        tryAgain();
                    } else if (closed) {
                        bound.channel().close();
                    } else {
                        listener = bound.channel();
                        say.accept("the metrics are shown on port " + port);
                    }
                }),
                1,
                TimeUnit.SECONDS);
    }

    /** Where it listens; -1 if it does not. */
    int port() {
        Channel open = listener;
        return open == null ? -1 : ((InetSocketAddress) open.localAddress()).getPort();
    }

    @Override
    public void close() {
        closed = true;
        Channel open = listener;
        if (open != null) {
            open.close().awaitUninterruptibly();
        }
        loop.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
    }

    private FullHttpResponse answer(FullHttpRequest request) throws IOException {
        String path = request.uri().split("\\?", 2)[0];
        if (request.decoderResult().isFailure()) {
            return sentence(HttpResponseStatus.BAD_REQUEST, "the request cannot be read");
        }
        if (!path.equals("/metrics")) {
            return sentence(HttpResponseStatus.NOT_FOUND, "here is nothing but /metrics");
        }
        if (!request.method().equals(HttpMethod.GET)) {
            FullHttpResponse refusal = sentence(HttpResponseStatus.METHOD_NOT_ALLOWED, "metrics are read with GET");
            refusal.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET);
            return refusal;
        }
        ExpositionFormatWriter format = formats.findWriter(request.headers().get(HttpHeaderNames.ACCEPT));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        format.write(text, Metrics.of(house));
        return whole(HttpResponseStatus.OK, format.getContentType(), text.toByteArray());
    }

    private static FullHttpResponse sentence(HttpResponseStatus status, String sentence) {
        return whole(status, "text/plain; charset=utf-8", (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static FullHttpResponse whole(HttpResponseStatus status, String type, byte[] body) {
        FullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return answer;
    }

    private final class Scrape extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the listener closes the connection, however the write ends
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) throws IOException {
            context.writeAndFlush(answer(request)).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // nothing is done after it
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // who asked sees its connection closed, and counts a failed scrape; the users' traffic is elsewhere
            context.close();
        }
    }
}
