package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Entrance;
import dev.nonevent.pipeline.time.TimeSource;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a connection of HTTP/2: one request and its answer. Lives on its connection's event loop.
 *
 * <p>A stream that is not read from takes no more than its window; the others of its connection go on.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the stream, and that is listened to
final class ClientStream extends ChannelInboundHandlerAdapter implements Asker {

    private final Entrance entrance;
    private final UpstreamPool pool;
    private final RequestIds ids;
    private final Limits limits;
    private final ClientStreams siblings;

    private final Unread unread;
    private @Nullable Channel channel;
    private @Nullable Line line;
    private @Nullable Exchange exchange;
    private @Nullable Http2Headers head;
    private boolean began;

    ClientStream(Entrance entrance, UpstreamPool pool, RequestIds ids, Limits limits, ClientStreams siblings) {
        this.entrance = entrance;
        this.pool = pool;
        this.unread = new Unread(pool.load());
        this.ids = ids;
        this.limits = limits;
        this.siblings = siblings;
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
        return line().peer();
    }

    @Override
    public String scheme() {
        return siblings.scheme();
    }

    @Override
    public boolean trusted() {
        return line().peerIsTrusted(entrance.desk());
    }

    @Override
    public void execute(Runnable work) {
        line().execute(work);
    }

    // --- the answer, from the exchange

    @Override
    public void passOn(HttpResponse interim, HttpRequest request) {
        line().write(new DefaultHttp2HeadersFrame(StreamHeads.answer(interim), false));
    }

    @Override
    public void endInterim() {
        line().flush();
    }

    /** The head waits for what follows: if that is the end already, one frame says both. */
    @Override
    public void beginAnswer(HttpRequest request, HttpResponse fromInstance, boolean requestRead) {
        head = StreamHeads.answer(Heads.toClient(fromInstance));
    }

    @Override
    public boolean write(HttpContent content) {
        writeHead();
        line().write(new DefaultHttp2DataFrame(content.content(), false));
        return line().isWritable();
    }

    @Override
    public void endAnswer(LastHttpContent last, boolean requestRead) {
        exchange = null;
        HttpHeaders trailers = last.trailingHeaders();
        if (!trailers.isEmpty()) {
            write(last);
            end(new DefaultHttp2HeadersFrame(StreamHeads.fields(trailers), true), requestRead);
        } else if (head != null && !last.content().isReadable()) {
            last.release();
            end(new DefaultHttp2HeadersFrame(takeHead(), true), requestRead);
        } else {
            writeHead();
            end(new DefaultHttp2DataFrame(last.content(), true), requestRead);
        }
    }

    @Override
    public void answer(HttpRequest request, OwnAnswer own, boolean requestRead) {
        head = StreamHeads.answer(own.head());
        endAnswer(own.body(request), requestRead);
    }

    @Override
    public void breakOff() {
        exchange = null;
        reset(Http2Error.INTERNAL_ERROR);
    }

    @Override
    public void flush() {
        if (head != null) {
            writeHead();
        }
        line().flush();
    }

    @Override
    public void pause() {
        line().readOn(false);
    }

    @Override
    public void resume() {
        line().readOn(true);
    }

    // --- the request, from the client

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        line = new Line(context.channel());
        siblings.add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame fields && !began) {
            began = true;
            begin(context, fields);
        } else if (message instanceof Http2HeadersFrame trailers) {
            goOn(new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, StreamHeads.trailers(trailers.headers())));
        } else if (message instanceof Http2DataFrame data) {
            goOn(
                    data.isEndStream()
                            ? new DefaultLastHttpContent(data.content())
                            : new DefaultHttpContent(data.content()));
        } else {
            ReferenceCountUtil.release(message);
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
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        Exchange running = exchange;
        if (event instanceof Http2ResetFrame) {
            exchange = null;
            if (running != null) {
                running.clientLeft();
            }
            // the codec ends the stream once everything is read
            resume();
        } else if (event instanceof IdleStateEvent && (running == null || running.awaitsClient())) {
            leave();
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        siblings.remove(this);
        unread.mayWait(false);
        leave();
    }

    /** A stream against the rules is reset by the codec, with the error's name; anything else is closed here. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            context.close();
        }
    }

    /** Ends it, and tells the instance. */
    void leave() {
        Exchange running = exchange;
        exchange = null;
        if (running != null) {
            running.clientLeft();
        }
        line().close();
    }

    private void cutOff() {
        Exchange running = exchange;
        exchange = null;
        if (running != null) {
            running.clientLeft();
        }
        reset(Http2Error.ENHANCE_YOUR_CALM);
    }

    private void begin(ChannelHandlerContext context, Http2HeadersFrame fields) {
        boolean ends = fields.isEndStream();
        if (!ends) {
            context.pipeline().addFirst(new ClientIdle(limits));
        }
        var problem = StreamHeads.problem(fields.headers());
        if (problem.isPresent()) {
            refuse(StreamHeads.unreadable(), Scrutiny.malformed(problem.get()), ends);
            return;
        }
        HttpRequest request = StreamHeads.request(fields.headers(), ends);
        var refusal = Scrutiny.refusal(request, limits.clients());
        if (refusal.isEmpty()) {
            refusal = pool.load().refusal(request);
        }
        if (refusal.isPresent()) {
            refuse(request, refusal.get(), ends);
        } else if (request.uri().length() > limits.requestLine()) {
            refuse(request, Scrutiny.pathTooLong(), ends);
        } else {
            begin(request, ends);
        }
    }

    private void refuse(HttpRequest request, Scrutiny.Refusal refusal, boolean ends) {
        Account.refused(request, this, entrance.desk(), refusal);
        answer(request, OwnAnswer.of(refusal), ends);
    }

    private void begin(HttpRequest request, boolean ends) {
        Exchange next = new Exchange(this, request);
        exchange = next;
        next.begin(entrance);
        if (ends && exchange != null) {
            next.requestGoesOn(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private void goOn(HttpContent content) {
        Exchange running = exchange;
        if (running == null) {
            // the rest of a request that was answered already
            content.release();
        } else {
            running.requestGoesOn(content);
        }
    }

    // --- details

    private void writeHead() {
        if (head != null) {
            line().write(new DefaultHttp2HeadersFrame(takeHead(), false));
        }
    }

    private Http2Headers takeHead() {
        Http2Headers taken = Objects.requireNonNull(head, "written before it began");
        head = null;
        return taken;
    }

    /** The last frame of the answer. The client has as long to take it as to send a byte; then no more is kept for it. */
    private void end(Http2StreamFrame last, boolean requestRead) {
        ChannelFuture sent = channel().writeAndFlush(last);
        if (!requestRead) {
            sent.addListener(done -> reset(Http2Error.NO_ERROR));
        }
        if (!sent.isDone()) {
            Future<?> patience = channel()
                    .eventLoop()
                    .schedule(
                            () -> reset(Http2Error.CANCEL), limits.clientIdle().toMillis(), TimeUnit.MILLISECONDS);
            sent.addListener(done -> patience.cancel(false));
        }
    }

    private void reset(Http2Error error) {
        channel().writeAndFlush(new DefaultHttp2ResetFrame(error));
        channel().close();
    }

    private Line line() {
        return Objects.requireNonNull(line, "used before it was connected");
    }

    private Channel channel() {
        return Objects.requireNonNull(channel, "used before it was connected");
    }
}
