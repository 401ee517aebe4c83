package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Entrance;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Side;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Where clients come in: listens, and gives each connection its place on an event loop. */
public final class FrontDoor implements AutoCloseable {

    static final String LOOPBACK = "127.0.0.1";

    private static final int BACKLOG = 1024;
    private static final long QUIET_MILLIS = 0;
    private static final long CLOSE_MILLIS = 2_000;

    private final Transport transport = Transport.best();
    private final MultiThreadIoEventLoopGroup loops;
    private final Map<EventLoop, UpstreamPool> pools = new ConcurrentHashMap<>();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Entrance entrance;
    private final Limits limits;
    private final RequestIds ids;
    private final Room room;

    // the users' first
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    private record Listener(Channel channel, String scheme) {}

    /** Without TLS. */
    public FrontDoor(Entrance entrance, String bind, int port, Limits limits) throws InterruptedException {
        this(entrance, bind, port, limits, Optional.empty());
    }

    /**
     * Listens when it returns.
     *
     * @param port zero: any free one
     * @param certificates of TLS; empty: without TLS
     * @throws InfrastructureException if nobody can listen there
     */
    public FrontDoor(Entrance entrance, String bind, int port, Limits limits, Optional<Certificates> certificates)
            throws InterruptedException {
        this.entrance = entrance;
        this.limits = limits;
        this.room = new Room(limits.clients().connections());
        this.ids = new RequestIds(entrance.time());
        this.loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                new DefaultThreadFactory("router", true),
                transport.handlers());
        listen(reception(entrance, certificates), bind, port);
        certificates.ifPresent(this::lookForNewOnes);
    }

    /**
     * Listens at the loopback, without TLS, for those who come for this entrance, too, when it returns.
     *
     * @param port zero: any free one
     * @throws InfrastructureException if nobody can listen there
     */
    public void openAlso(Entrance other, int port) throws InterruptedException {
        listen(reception(other, Optional.empty()), LOOPBACK, port);
    }

    private void listen(Reception by, String bind, int port) throws InterruptedException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(transport.listener())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (room.takes(channel)) {
                            connections.add(channel);
                            by.welcome(channel);
                        }
                    }
                })
                .bind(new InetSocketAddress(bind, port))
                .await();
        if (!bound.isSuccess()) {
            close();
            throw cannotListen(bind, port, bound.cause());
        }
        listeners.add(new Listener(bound.channel(), by.scheme()));
    }

    /** Where clients on this machine reach it. */
    public URI address() {
        return address(listeners.get(0));
    }

    /** Where they reach the other entrance; empty if it was not opened. */
    public Optional<URI> otherAddress() {
        return listeners.stream().skip(1).findFirst().map(FrontDoor::address);
    }

    private static URI address(Listener listener) {
        InetSocketAddress at = (InetSocketAddress) listener.channel().localAddress();
        String host = at.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : at.getAddress().getHostAddress();
        return URI.create(
                listener.scheme() + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort());
    }

    /** Connections that found no room, ever. */
    public long turnedAway() {
        return room.turnedAway();
    }

    /** Closes the connections that wait for requests to a closed side. */
    public void forget(Side side) {
        pools.forEach((loop, pool) -> loop.execute(() -> pool.forget(side)));
    }

    /** Ends every connection; what is in flight is cut. */
    @Override
    public void close() {
        listeners.forEach(listener -> listener.channel().close().awaitUninterruptibly());
        connections.close().awaitUninterruptibly();
        endLoops();
    }

    private void endLoops() {
        loops.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_MILLIS);
    }

    /** Not on an event loop: reading files may take its time. */
    private void lookForNewOnes(Certificates certificates) {
        long again = limits.tls().lookAgain().toMillis();
        ScheduledFuture<?> looking = GlobalEventExecutor.INSTANCE.scheduleWithFixedDelay(
                certificates::refresh, again, again, TimeUnit.MILLISECONDS);
        listeners.get(0).channel().closeFuture().addListener(closed -> looking.cancel(false));
    }

    private Reception reception(Entrance by, Optional<Certificates> certificates) {
        return new Reception(by, this::pool, ids, limits, certificates);
    }

    private UpstreamPool pool(EventLoop of) {
        return pools.computeIfAbsent(of, loop -> new UpstreamPool(loop, transport, limits, entrance.time()));
    }

    private static InfrastructureException cannotListen(String bind, int port, Throwable cause) {
        return cause instanceof BindException
                ? new InfrastructureException(
                        "the router cannot listen on " + bind + ":" + port + " (" + cause.getMessage()
                                + "): end the program that does, or choose another port",
                        cause)
                : new InfrastructureException(
                        "the router cannot listen on " + bind + ":" + port + ": " + cause.getMessage(), cause);
    }
}
