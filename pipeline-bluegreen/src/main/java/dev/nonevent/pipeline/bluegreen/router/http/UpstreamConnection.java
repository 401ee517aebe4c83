package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Replica;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection to an instance; carries one exchange at a time, or waits in its pool. Lives on one event loop. */
final class UpstreamConnection extends ChannelDuplexHandler {

    private final Replica to;
    private final UpstreamPool pool;
    private @Nullable Line line;
    private @Nullable Exchange exchange;
    private long idleSince;
    private boolean paused;
    private int interims;
    private boolean answerBegan;

    UpstreamConnection(Replica to, UpstreamPool pool) {
        this.to = to;
        this.pool = pool;
    }

    /** Where it leads. */
    Replica to() {
        return to;
    }

    long idleSince() {
        return idleSince;
    }

    void idleFrom(long nanos) {
        idleSince = nanos;
    }

    boolean isOpen() {
        return line().isOpen();
    }

    void carry(Exchange next) {
        exchange = next;
        interims = 0;
        answerBegan = false;
    }

    /** The exchange is over; true if the next one may use the connection. */
    void release(boolean reusable) {
        exchange = null;
        if (reusable) {
            resume();
            pool.give(this);
        } else {
            close();
        }
    }

    /** Gives the connection up for another protocol. */
    Channel switchProtocols() {
        exchange = null;
        return line().channel();
    }

    /** Its answer may go on for very long, with long pauses. */
    void mayPause(Duration longest) {
        line().channel()
                .pipeline()
                .replace(
                        IdleStateHandler.class,
                        "stay",
                        new IdleStateHandler(0, 0, longest.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Failure is not told: an instance that takes no more may still answer, and that or its end is seen by reading. */
    void write(HttpObject message) {
        line().writeAnyway(message);
    }

    void flush() {
        line().flush();
    }

    boolean isWritable() {
        return line().isWritable();
    }

    /** Stops reading, since the client is slower than the instance. */
    void pause() {
        paused = true;
        line().readOn(false);
    }

    void resume() {
        paused = false;
        line().readOn(true);
    }

    void close() {
        line().close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        line = new Line(context.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Exchange carried = exchange;
        if (carried == null) {
            // an answer that nobody asked for: what follows cannot be trusted
            ReferenceCountUtil.release(message);
            close();
        } else if (((HttpObject) message).decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            exchange = null;
            close();
            carried.instanceFailed("its answer cannot be read");
        } else if (message instanceof HttpResponse response && onlyAnnounces(response)) {
            exchange = null;
            close();
            carried.instanceFailed("it announces its answer again and again");
        } else if (message instanceof HttpResponse response) {
            answerBegan = !Heads.interim(response);
            carried.answerBegins(response);
        } else if (message instanceof HttpContent content) {
            carried.answerGoesOn(content);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Exchange carried = exchange;
        if (carried != null) {
            carried.flushToClient();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        Exchange carried = exchange;
        if (carried != null && isWritable()) {
            carried.instanceTakesMore();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Exchange carried = exchange;
        exchange = null;
        if (carried == null) {
            pool.lost(this);
        } else {
            carried.instanceLeft();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        Exchange carried = exchange;
        if (event instanceof IdleStateEvent silence && carried != null && tooLong(silence)) {
            exchange = null;
            close();
            if (paused) {
                carried.clientTooSlow();
            } else {
                carried.instanceTooSlow();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // a reset or the like; what is to be done is done when the channel becomes inactive
        close();
    }

    /** More often than is of use to anybody. */
    private boolean onlyAnnounces(HttpResponse response) {
        return Heads.interim(response) && ++interims > pool.limits().instances().interim();
    }

    private boolean tooLong(IdleStateEvent silence) {
        InstanceIdle idle = line().channel().pipeline().get(InstanceIdle.class);
        return idle == null || idle.tooLong(silence, answerBegan);
    }

    private Line line() {
        return Objects.requireNonNull(line, "used before it was connected");
    }
}
