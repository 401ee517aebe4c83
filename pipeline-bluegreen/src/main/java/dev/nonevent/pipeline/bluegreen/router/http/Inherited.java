package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Listening sockets that another process of the same router has handed over: who listens where one of them does takes it,
 * and clients that wait there to be let in notice nothing. Used by one thread.
 */
public final class Inherited {

    private final List<EpollServerSocketChannel> sockets = new ArrayList<>();

    private Inherited(List<Integer> descriptors) {
        descriptors.forEach(descriptor -> sockets.add(new EpollServerSocketChannel(descriptor)));
    }

    public static Inherited none() {
        return new Inherited(List.of());
    }

    /** @param descriptors of this process, each of a socket that listens */
    public static Inherited of(List<Integer> descriptors) {
        return new Inherited(descriptors);
    }

    /** Listens there: with the socket that does already, or with a new one. */
    ChannelFuture listen(ServerBootstrap bootstrap, Transport transport, InetSocketAddress address) {
        return take(address)
                .map(socket -> bootstrap.clone().channelFactory(() -> socket).register())
                .orElseGet(() -> bootstrap.clone().channel(transport.listener()).bind(address));
    }

    /** Nobody listens any more where nobody has taken the socket. */
    public void closeTheRest() {
        try {
            for (EpollServerSocketChannel socket : sockets) {
                socket.fd().close();
            }
        } catch (IOException e) {
            throw new InfrastructureException("a listening socket that is not needed cannot be closed", e);
        }
        sockets.clear();
    }

    private Optional<EpollServerSocketChannel> take(InetSocketAddress wanted) {
        for (Iterator<EpollServerSocketChannel> rest = sockets.iterator(); rest.hasNext(); ) {
            EpollServerSocketChannel socket = rest.next();
            if (same(socket.localAddress(), wanted)) {
                rest.remove();
                return Optional.of(socket);
            }
        }
        return Optional.empty();
    }

    /** All addresses of this machine are written in more than one way. */
    private static boolean same(InetSocketAddress one, InetSocketAddress other) {
        return one.getPort() == other.getPort()
                && (one.equals(other)
                        || (one.getAddress().isAnyLocalAddress()
                                && other.getAddress() != null
                                && other.getAddress().isAnyLocalAddress()));
    }
}
