package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Ended;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Side;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Stay;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A WebSocket that goes through: frames both ways, until one side ends it or a drain does. Then both sides are told 1001,
 * going away, each between two frames, and get a while to answer.
 *
 * <p>Everything happens on the event loop of both connections, except that {@link #sayGoodbye} and {@link #cut} may be
 * called by others.
 */
final class Tunnel implements Stay {

    private final Side side;
    private final Limits limits;
    private final EventLoop loop;
    private final Line client;
    private final Line instance;
    private final FrameFlow down;
    private final FrameFlow up;
    private boolean goodbye;
    private boolean clientWasTold;
    private boolean over;

    /**
     * The client is told that the instance agreed, and from then on the two connections carry no HTTP.
     *
     * @param answered how the request ended that asked for it
     */
    static void open(
            Exchange request,
            Side side,
            Ended answered,
            Asker asker,
            UpstreamConnection upstream,
            HttpResponse agreed) {
        Channel instance = upstream.switchProtocols();
        Channel client = asker.switchProtocols(agreed);
        Tunnel tunnel = new Tunnel(side, asker.pool().limits(), client, instance);
        side.outlast(request, tunnel, answered, asker.time());
        tunnel.begin(client, instance);
    }

    private Tunnel(Side side, Limits limits, Channel client, Channel instance) {
        this.side = side;
        this.limits = limits;
        this.loop = client.eventLoop();
        this.client = new Line(client);
        this.instance = new Line(instance);
        this.down = new FrameFlow(this.instance, this.client, WebSockets.goingAway(), this::clientIsTold);
        this.up = new FrameFlow(this.client, this.instance, WebSockets.goingAwayMasked(), () -> {});
    }

    private void begin(Channel fromClient, Channel fromInstance) {
        fromClient
                .pipeline()
                .addFirst(new IdleStateHandler(0, 0, limits.stayIdle().toMillis(), TimeUnit.MILLISECONDS));
        new TunnelEnd(this, up, down, this::clientLeft)
                .takeOver(fromClient, List.of(ClientConnection.class, Framing.class, ClientIdle.class));
        new TunnelEnd(this, down, up, this::instanceLeft)
                .takeOver(
                        fromInstance, List.of(UpstreamConnection.class, IdleStateHandler.class, HttpClientCodec.class));
        client.readOn(true);
        instance.readOn(true);
        // it may hold bytes that came too early, and the way to the instance is free only now
        fromClient.pipeline().remove(StrictDecoder.class);
        down.flush();
        up.flush();
    }

    @Override
    public boolean webSocket() {
        return true;
    }

    @Override
    public void sayGoodbye() {
        client.execute(() -> {
            if (!over && !goodbye) {
                goodbye = true;
                down.end();
                up.end();
                endIfBothClosed();
            }
        });
    }

    @Override
    public void cut(Runnable wasCut) {
        client.execute(() -> {
            if (!over) {
                if (!clientWasTold) {
                    wasCut.run();
                }
                endNow();
            }
        });
    }

    // --- from the two connections

    void pass(FrameFlow flow, ByteBuf bytes) {
        if (over) {
            bytes.release();
        } else {
            flow.pass(bytes);
            endIfBothClosed();
        }
    }

    /** Nothing has gone either way for longer than a connection is kept for. */
    void idle() {
        if (goodbye) {
            endNow();
        } else {
            sayGoodbye();
        }
    }

    private void clientLeft() {
        if (!over) {
            end();
            finish(instance);
        }
    }

    private void instanceLeft() {
        if (!over) {
            end();
            finish(client);
        }
    }

    // --- how it ends

    @SuppressWarnings("FutureReturnValueIgnored") // if the loop ends before, so do its connections
    private void clientIsTold() {
        clientWasTold = true;
        loop.schedule(this::endNow, limits.farewell().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void endIfBothClosed() {
        if (goodbye && !over && up.senderClosed() && down.senderClosed()) {
            end();
            finish(client);
            finish(instance);
        }
    }

    private void endNow() {
        if (!over) {
            end();
            client.close();
            instance.close();
        }
    }

    /** What is under way still arrives: a close with unread bytes would wipe it out. */
    private void finish(Line line) {
        line.lingerAfter(Unpooled.EMPTY_BUFFER, limits.linger());
    }

    private void end() {
        over = true;
        side.ended(this, clientWasTold);
    }
}
