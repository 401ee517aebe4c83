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
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();

    /**
     * Listens when it returns.
     *
     * @param port zero: any free one
     * @throws InfrastructureException if nobody can listen there
     */
    public FrontDoor(Entrance entrance, String bind, int port, Limits limits) throws InterruptedException {
        this.entrance = entrance;
        this.limits = limits;
        this.room = new Room(limits.clients().connections());
        this.ids = new RequestIds(entrance.time());
        this.loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                new DefaultThreadFactory("router", true),
                transport.handlers());
        listen(entrance, bind, port);
    }

    /**
     * Listens at the loopback for those who come for this entrance, too, when it returns.
     *
     * @param port zero: any free one
     * @throws InfrastructureException if nobody can listen there
     */
    public void openAlso(Entrance other, int port) throws InterruptedException {
        listen(other, LOOPBACK, port);
    }

    private void listen(Entrance by, String bind, int port) throws InterruptedException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(transport.listener())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        welcome(channel, by);
                    }
                })
                .bind(new InetSocketAddress(bind, port))
                .await();
        if (!bound.isSuccess()) {
            close();
            throw cannotListen(bind, port, bound.cause());
        }
        listeners.add(bound.channel());
    }

    /** Where clients on this machine reach it. */
    public URI address() {
        return address(listeners.get(0));
    }

    /** Where they reach the other entrance; empty if it was not opened. */
    public Optional<URI> otherAddress() {
        return listeners.stream().skip(1).findFirst().map(FrontDoor::address);
    }

    private static URI address(Channel listener) {
        InetSocketAddress at = (InetSocketAddress) listener.localAddress();
        String host = at.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : at.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort());
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
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        connections.close().awaitUninterruptibly();
        endLoops();
    }

    private void endLoops() {
        loops.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_MILLIS);
    }

    private void welcome(Channel channel, Entrance by) {
        if (!room.takes(channel)) {
            return;
        }
        connections.add(channel);
        UpstreamPool pool = pools.computeIfAbsent(
                channel.eventLoop(), loop -> new UpstreamPool(loop, transport, limits, entrance.time()));
        Framing framing = new Framing();
        channel.pipeline()
                .addLast(new ClientIdle(limits))
                .addLast(new StrictDecoder(limits))
                .addLast(framing)
                .addLast(new ClientConnection(by, pool, framing, ids, limits));
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
