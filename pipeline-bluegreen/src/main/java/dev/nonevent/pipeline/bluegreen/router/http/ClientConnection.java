package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Entrance;
import dev.nonevent.pipeline.time.TimeSource;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: requests in the order they came, one at a time. What is pipelined behind the running one waits
 * unread. Lives on one event loop.
 */
final class ClientConnection extends ChannelDuplexHandler implements Asker, Stayer {

    private final Entrance entrance;
    private final UpstreamPool pool;
    private final Framing framing;
    private final RequestIds ids;
    private final Limits limits;
    private final String scheme;
    private final Farewell farewell;
    private final Unread unread;
    private final Deque<HttpObject> behind = new ArrayDeque<>();

    private @Nullable Line line;
    private @Nullable ChannelHandlerContext reader;
    private @Nullable Exchange exchange;
    private String peer = "";
    private boolean trusted;
    private boolean interimOpen;
    private boolean goesOn = true;
    private boolean ending;
    private boolean goodbye;

    // written on the event loop, read by all
    private volatile boolean takesMore = true;

    /** @param scheme {@code http} or {@code https} */
    ClientConnection(
            Entrance entrance,
            UpstreamPool pool,
            Framing framing,
            RequestIds ids,
            Limits limits,
            String scheme,
            Farewell farewell) {
        this.entrance = entrance;
        this.pool = pool;
        this.unread = new Unread(pool.load());
        this.framing = framing;
        this.ids = ids;
        this.limits = limits;
        this.scheme = scheme;
        this.farewell = farewell;
    }

    @Override
    public UpstreamPool pool() {
        return pool;
    }

    @Override
    public TimeSource time() {
        return entrance.time();
    }

    @Override
    public String nextRequestId() {
        return ids.next();
    }

    @Override
    public String address() {
        return peer;
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public boolean trusted() {
        return trusted;
    }

    @Override
    public void execute(Runnable work) {
        line().execute(work);
    }

    // --- the answer, from the exchange

    @Override
    public void passOn(HttpResponse interim, HttpRequest request) {
        if (request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            line().write(interim);
            interimOpen = true;
        }
    }

    @Override
    public void endInterim() {
        if (interimOpen) {
            interimOpen = false;
            line().write(LastHttpContent.EMPTY_LAST_CONTENT);
            line().flush();
        }
    }

    @Override
    public void beginAnswer(HttpRequest request, HttpResponse fromInstance, boolean requestRead) {
        HttpResponse sent = Heads.toClient(fromInstance);
        goesOn = framing.choose(request, fromInstance, sent, requestRead && !goodbye);
        if (!goesOn) {
            takesMore = false;
        }
        line().write(sent);
    }

    @Override
    public boolean write(HttpContent content) {
        line().write(content);
        return line().isWritable();
    }

    @Override
    public void endAnswer(LastHttpContent last, boolean requestRead) {
        exchange = null;
        if (goesOn && takesMore) {
            line().write(last);
            line().flush();
            next();
        } else {
            end(last, requestRead);
        }
    }

    @Override
    public void answer(HttpRequest request, OwnAnswer own, boolean requestRead) {
        exchange = null;
        endInterim();
        HttpResponse head = own.head();
        goesOn = framing.choose(request, head, head, requestRead && !goodbye);
        if (!goesOn) {
            takesMore = false;
        }
        line().write(head);
        LastHttpContent body = own.body(request);
        if (goesOn) {
            line().write(body);
            line().flush();
            next();
        } else {
            end(body, requestRead);
        }
    }

    @Override
    public Channel switchProtocols(HttpResponse fromInstance) {
        exchange = null;
        ending = true;
        line().write(Heads.toClient(fromInstance));
        line().write(LastHttpContent.EMPTY_LAST_CONTENT);
        line().flush();
        return line().channel();
    }

    @Override
    public void breakOff() {
        exchange = null;
        ending = true;
        takesMore = false;
        line().close();
    }

    @Override
    public void flush() {
        line().flush();
    }

    @Override
    public void pause() {
        line().readOn(false);
    }

    @Override
    public void resume() {
        if (behind.isEmpty()) {
            line().readOn(true);
        }
    }

    // --- the end, from the door

    @Override
    public void announceTheEnd() {
        line().now(() -> goodbye = true);
    }

    @Override
    public void takeNoMore() {
        line().now(() -> {
            goodbye = true;
            takesMore = false;
            if (exchange == null && !ending) {
                breakOff();
            }
        });
    }

    @Override
    public boolean takesMore() {
        return takesMore;
    }

    // --- the requests, from the client

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Line opened = new Line(context.channel());
        line = opened;
        peer = opened.peer();
        trusted = opened.peerIsTrusted(entrance.desk());
        reader = context.pipeline().context(StrictDecoder.class);
        farewell.arrived(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        takesMore = false;
        farewell.left(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ending || !(message instanceof HttpObject object)) {
            ReferenceCountUtil.release(message);
        } else if (mustWait()) {
            behind.add(object);
            pause();
        } else {
            take(object);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Exchange running = exchange;
        if (running != null) {
            running.flushToInstance();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        Exchange running = exchange;
        boolean takesMore = line().isWritable();
        if (!unread.mayWait(!takesMore)) {
            line().execute(this::cutOff);
        } else if (running != null && takesMore) {
            running.clientTakesMore();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Exchange running = exchange;
        exchange = null;
        ending = true;
        takesMore = false;
        unread.mayWait(false);
        behind.forEach(ReferenceCountUtil::release);
        behind.clear();
        if (running != null) {
            running.clientLeft();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        Exchange running = exchange;
        if (event instanceof IdleStateEvent && (running == null || running.awaitsClient())) {
            line().close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // the client reset its connection or the like; the exchange hears of it when the channel becomes inactive
        line().close();
    }

    /** Its exchange hears of it when the channel becomes inactive. */
    private void cutOff() {
        line().close();
    }

    private boolean mustWait() {
        Exchange running = exchange;
        return !behind.isEmpty() || (running != null && running.requestRead());
    }

    private void take(HttpObject message) {
        Exchange running = exchange;
        if (message instanceof HttpRequest request) {
            begin(request);
        } else if (running == null) {
            // the rest of a request that was answered already
            ReferenceCountUtil.release(message);
        } else if (message.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            running.requestIsUnreadable();
        } else if (message instanceof HttpContent content) {
            running.requestGoesOn(content);
        }
        if (message instanceof HttpContent full && message instanceof HttpRequest) {
            full.release();
        }
    }

    private void begin(HttpRequest request) {
        var refusal = Scrutiny.refusal(request, limits.clients());
        if (refusal.isEmpty()) {
            refusal = pool.load().refusal(request);
        }
        if (refusal.isPresent()) {
            Account.refused(request, this, entrance.desk(), refusal.get());
            answer(request, OwnAnswer.of(refusal.get()), false);
            return;
        }
        Exchange next = new Exchange(this, request);
        exchange = next;
        next.begin(entrance);
    }

    private void next() {
        while (!behind.isEmpty() && !ending) {
            Exchange running = exchange;
            if (running != null && running.requestRead()) {
                running.flushToInstance();
                return;
            }
            take(behind.remove());
        }
        Exchange running = exchange;
        if (running != null) {
            running.flushToInstance();
        }
        if (!ending) {
            goOnAfterNoUpgrade();
            resume();
        }
    }

    private void goOnAfterNoUpgrade() {
        ChannelHandlerContext from = reader;
        if (exchange == null && from != null && from.handler() instanceof StrictDecoder decoder) {
            decoder.goOn(from);
        }
    }

    /** Says goodbye so that the client can read it: a close with unread bytes would wipe out the answer on its way. */
    private void end(LastHttpContent last, boolean requestRead) {
        ending = true;
        boolean nothingUnread = requestRead && behind.isEmpty();
        behind.forEach(ReferenceCountUtil::release);
        behind.clear();
        if (nothingUnread) {
            line().closeAfter(last);
        } else {
            line().lingerAfter(last, limits.linger());
        }
    }

    private Line line() {
        return Objects.requireNonNull(line, "used before it was connected");
    }
}
