package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One address where clients come in. Used by one thread at a time. */
final class Listener {

    private final ServerBootstrap bootstrap;
    private final Transport transport;
    private final String scheme;
    private volatile @Nullable Channel channel;
    private volatile @Nullable InetSocketAddress address;

    /** @param scheme {@code http} or {@code https} */
    Listener(ServerBootstrap bootstrap, Transport transport, String scheme) {
        this.scheme = scheme;
        this.bootstrap = bootstrap;
        this.transport = transport;
    }

    /** @throws InfrastructureException if nobody can listen there */
    void open(InetSocketAddress wanted, Inherited inherited) throws InterruptedException {
        ChannelFuture bound = inherited.listen(bootstrap, transport, wanted).await();
        if (!bound.isSuccess()) {
            throw cannotListen(wanted, bound.cause());
        }
        channel = bound.channel();
        address = (InetSocketAddress) bound.channel().localAddress();
    }

    /** Where it was; nothing if it still is. */
    void openAgain() throws InterruptedException {
        if (!isOpen()) {
            open(at(), Inherited.none());
        }
    }

    boolean isOpen() {
        Channel now = channel;
        return now != null && now.isOpen();
    }

    /** Where clients on this machine reach it. */
    URI address() {
        InetSocketAddress at = at();
        String host = at.getAddress().isAnyLocalAddress()
                ? FrontDoor.LOOPBACK
                : at.getAddress().getHostAddress();
        return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort());
    }

    /** For another process; empty if it cannot be handed over. */
    Optional<FileDescriptor> descriptor() {
        return channel instanceof UnixChannel socket ? Optional.of(socket.fd()) : Optional.empty();
    }

    void whenClosed(Runnable then) {
        Channel now = channel;
        if (now != null) {
            now.closeFuture().addListener(closed -> then.run());
        }
    }

    void close() {
        Channel now = channel;
        if (now != null) {
            now.close().awaitUninterruptibly();
        }
    }

    private InetSocketAddress at() {
        return Objects.requireNonNull(address, "used before it was opened");
    }

    /** In words, as the two transports say it with different types. */
    private static InfrastructureException cannotListen(InetSocketAddress wanted, Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        String wayOut = said.contains("in use")
                ? "end the program that does, or choose another port"
                : said.contains("ermission denied")
                        ? "choose a port from 1024 on, which needs no privilege"
                        : "choose another port or address";
        return new InfrastructureException(
                "the router cannot listen on " + wanted.getHostString() + ":" + wanted.getPort() + " (" + said + "): "
                        + wayOut,
                cause);
    }
}
