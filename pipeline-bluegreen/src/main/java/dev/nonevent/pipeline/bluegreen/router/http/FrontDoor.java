package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Entrance;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Side;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Where clients come in: listens, and gives each connection its place on an event loop. */
public final class FrontDoor implements AutoCloseable {

    static final String LOOPBACK = "127.0.0.1";

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
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
    private final Optional<Certificates> certificates;

    // the users' first
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    private final Farewell farewell = new Farewell();

    /** Without TLS. */
    public FrontDoor(Entrance entrance, String bind, int port, Limits limits) throws InterruptedException {
        this(entrance, bind, port, limits, Optional.empty(), Inherited.none());
    }

    /**
     * Listens when it returns.
     *
     * @param port zero: any free one
     * @param certificates of TLS; empty: without TLS
     * @param inherited may hold the socket to listen with
     * @throws InfrastructureException if nobody can listen there
     */
    public FrontDoor(
            Entrance entrance,
            String bind,
            int port,
            Limits limits,
            Optional<Certificates> certificates,
            Inherited inherited)
            throws InterruptedException {
        this.entrance = entrance;
        this.limits = limits;
        this.room = new Room(limits.clients().connections(), limits.linger());
        this.certificates = certificates;
        this.ids = new RequestIds(entrance.time());
        this.loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                new DefaultThreadFactory("router", true),
                transport.handlers());
        listen(reception(entrance, certificates), bind, port, inherited);
        certificates.ifPresent(this::lookForNewOnes);
    }

    /**
     * Listens at the loopback, without TLS, for those who come for this entrance, too, when it returns.
     *
     * @param port zero: any free one
     * @param inherited may hold the socket to listen with
     * @throws InfrastructureException if nobody can listen there
     */
    public void openAlso(Entrance other, int port, Inherited inherited) throws InterruptedException {
        listen(reception(other, Optional.empty()), LOOPBACK, port, inherited);
    }

    private void listen(Reception by, String bind, int port, Inherited inherited) throws InterruptedException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Unread.MARKS)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (room.takes(channel, by.tls())) {
                            connections.add(channel);
                            by.welcome(channel);
                        }
                    }
                });
        Listener listener = new Listener(bootstrap, transport, by.scheme());
        listeners.add(listener);
        boolean open = false;
        try {
            listener.open(new InetSocketAddress(bind, port), inherited);
            open = true;
        } finally {
            if (!open) {
                close();
            }
        }
    }

    /** Where clients on this machine reach it. */
    public URI address() {
        return listeners.get(0).address();
    }

    /** Where they reach the other entrance; empty if it was not opened. */
    public Optional<URI> otherAddress() {
        return listeners.stream().skip(1).findFirst().map(Listener::address);
    }

    /** What it listens with, for another process to take; empty if it cannot be handed over. */
    public List<FileDescriptor> listeners() {
        return listeners.stream()
                .map(Listener::descriptor)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Nobody new comes in; who was let in goes on. */
    public void stopListening() {
        listeners.forEach(Listener::close);
    }

    /**
     * Where it listened before; nothing if it still does. Who comes in may stay, also after a {@link #leave}.
     *
     * @throws InfrastructureException if nobody can listen there; it may be tried again
     */
    public void listenAgain() throws InterruptedException {
        farewell.takeBack();
        Listener users = listeners.get(0);
        if (!users.isOpen()) {
            users.openAgain();
            certificates.ifPresent(this::lookForNewOnes);
        }
        for (Listener listener : listeners) {
            listener.openAgain();
        }
    }

    /**
     * Nobody new comes in, and who was let in is told to go. From the return on no new request is taken; answers in
     * flight go on.
     *
     * @param grace for clients that wait: their next answer within it is their last
     * @param meant asked again and again until then; once not, nobody is waited for
     * @return whether it was meant to the end
     */
    public boolean leave(Duration grace, BooleanSupplier meant) throws InterruptedException {
        stopListening();
        return farewell.say(grace, meant, entrance.time());
    }

    /** Waits until no client is connected any more, at most so long. */
    public void awaitEmpty(Duration limit) throws InterruptedException {
        long until = entrance.time().nanos() + limit.toNanos();
        while (!connections.isEmpty() && until - entrance.time().nanos() > 0) {
            entrance.time().sleep(LOOK_AGAIN);
        }
    }

    /** Connections that found no room, ever. */
    public long turnedAway() {
        return room.turnedAway();
    }

    /** Of clients, that are open. */
    public int connections() {
        return connections.size();
    }

    /** Closes the connections that wait for requests to a closed side. */
    public void forget(Side side) {
        pools.forEach((loop, pool) -> loop.execute(() -> pool.forget(side)));
    }

    /** Ends every connection; what is in flight is cut. */
    @Override
    public void close() {
        stopListening();
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
        listeners.get(0).whenClosed(() -> looking.cancel(false));
    }

    private Reception reception(Entrance by, Optional<Certificates> certificates) {
        return new Reception(by, this::pool, ids, limits, certificates, farewell);
    }

    private UpstreamPool pool(EventLoop of) {
        return pools.computeIfAbsent(of, loop -> new UpstreamPool(loop, transport, limits, entrance.time()));
    }
}
