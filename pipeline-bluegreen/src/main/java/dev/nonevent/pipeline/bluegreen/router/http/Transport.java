package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * How sockets are waited for: Linux's epoll where Netty's native library loads, else Java's selector, which does the same
 * and costs more. {@code -Dio.netty.transport.noNative=true} leaves the native library alone.
 */
public enum Transport {
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class),
    SELECTOR(NioServerSocketChannel.class, NioSocketChannel.class);

    private final Class<? extends ServerChannel> listener;
    private final Class<? extends Channel> connection;

    Transport(Class<? extends ServerChannel> listener, Class<? extends Channel> connection) {
        this.listener = listener;
        this.connection = connection;
    }

    /** The better one of those that work here. */
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : SELECTOR;
    }

    IoHandlerFactory handlers() {
        return this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    Class<? extends ServerChannel> listener() {
        return listener;
    }

    Class<? extends Channel> connection() {
        return connection;
    }
}
