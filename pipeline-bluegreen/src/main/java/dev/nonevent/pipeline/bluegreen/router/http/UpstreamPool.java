package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Replica;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Side;
import dev.nonevent.pipeline.time.TimeSource;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Connections to instances that wait for their next request, youngest first. One of each event loop, and used by it
 * alone: a request and the connection it goes out on live on one thread.
 */
final class UpstreamPool {

    private final EventLoop loop;
    private final Transport transport;
    private final Limits limits;
    private final TimeSource time;
    private final Load load = Load.ofOneLoop();
    private final IdentityHashMap<Replica, Deque<UpstreamConnection>> idle = new IdentityHashMap<>();

    @SuppressWarnings("FutureReturnValueIgnored") // ends with its event loop
    UpstreamPool(EventLoop loop, Transport transport, Limits limits, TimeSource time) {
        this.loop = loop;
        this.transport = transport;
        this.limits = limits;
        this.time = time;
        long second = TimeUnit.SECONDS.toMillis(1);
        loop.scheduleWithFixedDelay(this::closeTheOld, second, second, TimeUnit.MILLISECONDS);
    }

    /**
     * A waiting connection, if there is a good one.
     *
     * @param onceOnly the request must not be sent twice, so the connection must be surely alive
     */
    Optional<UpstreamConnection> take(Replica to, boolean onceOnly) {
        Deque<UpstreamConnection> waiting = idle.get(to);
        if (waiting == null) {
            return Optional.empty();
        }
        long longest = (onceOnly
                        ? limits.instances().pooledForOnce()
                        : limits.instances().pooled())
                .toNanos();
        UpstreamConnection youngest = waiting.peekLast();
        if (youngest == null || time.nanos() - youngest.idleSince() > longest) {
            return Optional.empty();
        }
        waiting.removeLast();
        return youngest.isOpen() ? Optional.of(youngest) : take(to, onceOnly);
    }

    void give(UpstreamConnection connection) {
        if (connection.to().gate().closed() || !connection.isOpen()) {
            connection.close();
            return;
        }
        connection.idleFrom(time.nanos());
        idle.computeIfAbsent(connection.to(), replica -> new ArrayDeque<>()).addLast(connection);
    }

    /** The connection was closed by the other side while it waited. */
    void lost(UpstreamConnection connection) {
        Deque<UpstreamConnection> waiting = idle.get(connection.to());
        if (waiting != null) {
            waiting.remove(connection);
        }
    }

    /** Closes what waits for a side that gets no more requests. */
    void forget(Side side) {
        for (Replica each : side.replicas().all()) {
            Deque<UpstreamConnection> waiting = idle.remove(each);
            if (waiting != null) {
                waiting.forEach(UpstreamConnection::close);
            }
        }
    }

    /** Of the requests on the event loop. */
    Load load() {
        return load;
    }

    Limits limits() {
        return limits;
    }

    /** @param then gets a connection, or why there is none */
    void connect(Replica to, BiConsumer<@Nullable UpstreamConnection, String> then) {
        UpstreamConnection connection = new UpstreamConnection(to, this);
        new Bootstrap()
                .group(loop)
                .channel(transport.connection())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        limits.instances().connect().toMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Unread.MARKS)
                // an instance may refuse an upload, and close: its words are read though ours no longer arrive
                .option(ChannelOption.AUTO_CLOSE, false)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.config()
                                .setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(64, 4_096, Unread.PIECE));
                        channel.pipeline()
                                .addLast(new HttpClientCodec(responses(), false, false))
                                .addLast(new InstanceIdle(limits.instances()))
                                .addLast(connection);
                    }
                })
                .connect(to.address())
                .addListener(connected -> {
                    if (connected.isSuccess()) {
                        then.accept(connection, "");
                    } else {
                        then.accept(null, why(connected.cause()));
                    }
                });
    }

    /** In words for users, who need not know where the instance is. */
    private String why(Throwable failure) {
        if (failure instanceof ConnectTimeoutException) {
            return "none within " + limits.instances().connect().toMillis() + " ms";
        } else if (failure instanceof NoRouteToHostException) {
            return "no way to it";
        }
        return failure instanceof ConnectException
                ? "refused"
                : failure.getClass().getSimpleName();
    }

    /** Runs it on the event loop, unless it is cancelled before. */
    Future<?> after(Duration delay, Runnable work) {
        return loop.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private HttpDecoderConfig responses() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.requestLine())
                .setMaxHeaderSize(limits.head())
                .setMaxChunkSize(limits.chunk());
    }

    private void closeTheOld() {
        long now = time.nanos();
        for (Deque<UpstreamConnection> waiting : idle.values()) {
            while (!waiting.isEmpty()
                    && now - waiting.getFirst().idleSince()
                            > limits.instances().pooled().toNanos()) {
                waiting.removeFirst().close();
            }
        }
        idle.entrySet()
                .removeIf(entry ->
                        entry.getKey().gate().closed() && entry.getValue().isEmpty());
    }
}
