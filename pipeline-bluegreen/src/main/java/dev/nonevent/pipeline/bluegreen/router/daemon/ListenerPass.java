package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.switchboard.PrivateFile;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Hands open sockets from one process to another, over a unix socket in a private directory (SCM_RIGHTS of unix(7)): what
 * clients wait at is never closed. Linux with epoll only.
 */
final class ListenerPass implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final MultiThreadIoEventLoopGroup loop = newLoop();
    private final BlockingQueue<FileDescriptor> received = new LinkedBlockingQueue<>();

    /** Waits there for somebody who hands over. */
    ListenerPass(Path socket) throws InterruptedException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerDomainSocketChannel.class)
                .childOption(EpollChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel giver) {
                        giver.pipeline().addLast(new Taker());
                    }
                })
                .bind(new DomainSocketAddress(socket.toFile()))
                .await();
        if (!bound.isSuccess()) {
            close();
            throw new InfrastructureException("nothing can be handed over at " + socket, bound.cause());
        }
        makePrivate(socket);
    }

    private void makePrivate(Path socket) {
        try {
            PrivateFile.restrict(socket);
        } catch (IOException e) {
            close();
            throw new InfrastructureException("nothing can be handed over at " + socket + ": " + e, e);
        }
    }

    private final class Taker extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            received.add((FileDescriptor) message);
        }
    }

    /** As many as were promised, in the order they were given. */
    List<Integer> take(int count) throws InterruptedException {
        List<Integer> descriptors = new ArrayList<>();
        while (descriptors.size() < count) {
            FileDescriptor next = received.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new InfrastructureException("the running router promised " + count
                        + " listening sockets and handed over " + descriptors.size());
            }
            descriptors.add(next.intValue());
        }
        return descriptors;
    }

    /** Returns when they are on their way; ours stay open. */
    static void give(List<FileDescriptor> descriptors, Path socket) throws InterruptedException {
        MultiThreadIoEventLoopGroup loop = newLoop();
        try {
            ChannelFuture connected = new Bootstrap()
                    .group(loop)
                    .channel(EpollDomainSocketChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(new DomainSocketAddress(socket.toFile()))
                    .await();
            requireSuccess(connected, socket);
            for (FileDescriptor descriptor : descriptors) {
                requireSuccess(connected.channel().writeAndFlush(descriptor).await(), socket);
            }
            connected.channel().close().await();
        } finally {
            end(loop);
        }
    }

    @Override
    public void close() {
        end(loop);
    }

    private static void requireSuccess(ChannelFuture step, Path socket) {
        if (!step.isSuccess()) {
            throw new InfrastructureException(
                    "the listening sockets could not be handed over at " + socket, step.cause());
        }
    }

    private static MultiThreadIoEventLoopGroup newLoop() {
        return new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("handover", true), EpollIoHandler.newFactory());
    }

    private static void end(MultiThreadIoEventLoopGroup loop) {
        loop.shutdownGracefully(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
