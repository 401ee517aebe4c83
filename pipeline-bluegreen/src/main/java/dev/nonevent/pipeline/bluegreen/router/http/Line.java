package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Desk;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One connection as the router uses it. A write that fails closes it: whoever is on the line hears that it became
 * inactive, and nothing else needs to be waited for.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is listened to
public final class Line {

    private final Channel channel;

    Line(Channel channel) {
        this.channel = channel;
    }

    Channel channel() {
        return channel;
    }

    /** Like {@link #write}, but the connection stays if it fails. */
    void writeAnyway(Object message) {
        channel.write(message);
    }

    void write(Object message) {
        channel.write(message).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /** @param then once it has left for the other end */
    void writeThen(Object message, Runnable then) {
        channel.write(message).addListener(written -> {
            if (written.isSuccess()) {
                then.run();
            } else {
                channel.close();
            }
        });
    }

    void flush() {
        channel.flush();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    boolean isOpen() {
        return channel.isActive();
    }

    void readOn(boolean on) {
        channel.config().setAutoRead(on);
    }

    void close() {
        channel.close();
    }

    void closeAfter(Object last) {
        channel.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
    }

    /** Ends our half after the last words, and listens a while: closing with unread bytes would wipe out the words. */
    void lingerAfter(Object last, Duration linger) {
        readOn(true);
        channel.writeAndFlush(last).addListener(written -> {
            if (channel instanceof SocketChannel socket && socket.isActive()) {
                socket.shutdownOutput();
            }
        });
        channel.eventLoop().schedule(this::close, linger.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** At once on the event loop, and there as soon as it can be for others. */
    void now(Runnable work) {
        if (channel.eventLoop().inEventLoop()) {
            work.run();
        } else {
            execute(work);
        }
    }

    void execute(Runnable work) {
        channel.eventLoop().execute(work);
    }

    /** Whether the other end is one of those that the desk trusts. */
    boolean peerIsTrusted(Desk desk) {
        return channel.remoteAddress() instanceof InetSocketAddress from && desk.trusts(from.getAddress());
    }

    /** Of the other end, without port. */
    String peer() {
        return channel.remoteAddress() instanceof InetSocketAddress from
                ? from.getAddress().getHostAddress()
                : "unknown";
    }
}
