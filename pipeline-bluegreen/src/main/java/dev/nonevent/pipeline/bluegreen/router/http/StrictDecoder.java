package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests, and takes none that two readers could read in two ways: that is how a request is smuggled past a proxy
 * (RFC 9112, 5.2, 6.3 and 11.2). What Netty's decoder repairs in silence is refused here: a length beside a transfer coding,
 * folded header lines, bare line feeds.
 *
 * <p>What follows a request for a WebSocket is not looked at until it is known whether it is a request.
 *
 * <p>After the first refusal nothing more is read from the connection.
 */
final class StrictDecoder extends HttpRequestDecoder {

    private boolean inHead = true;
    private boolean sawLine;
    private boolean refused;
    private boolean upgrade;
    private boolean held;

    private final int readAhead;
    private final Duration headWithin;
    private final int mostFields;
    private final Load load;
    private @Nullable Future<?> clock;

    // of the head that is being read
    private int lines;
    private int bytes;
    private int weight;

    StrictDecoder(Limits limits, Load load) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.requestLine())
                .setMaxHeaderSize(limits.head())
                .setMaxChunkSize(limits.chunk())
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setValidateHeaders(true));
        this.readAhead = limits.chunk();
        this.headWithin = limits.clients().headWithin();
        this.mostFields = limits.clients().fields();
        this.load = load;
    }

    /** An upgrade did not come about: what follows is the next request. */
    void goOn(ChannelHandlerContext context) {
        if (held) {
            held = false;
            // not from within the reading of what came before
            context.executor().execute(() -> readOn(context));
        }
    }

    private void readOn(ChannelHandlerContext context) {
        if (context.isRemoved()) {
            return;
        }
        try {
            channelRead(context, Unpooled.EMPTY_BUFFER);
            channelReadComplete(context);
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
        if (held) {
            if (buffer.readableBytes() > readAhead) {
                context.channel().config().setAutoRead(false);
            }
            return;
        }
        if (refused) {
            buffer.skipBytes(buffer.readableBytes());
            return;
        }
        Optional<Exception> problem = inHead ? problem(buffer) : Optional.empty();
        if (problem.isPresent()) {
            refuse(problem.get(), context, buffer, out);
            return;
        }
        int before = out.size();
        int unread = inHead ? buffer.readableBytes() : 0;
        super.decode(context, buffer, out);
        bytes += inHead ? unread - buffer.readableBytes() : 0;
        follow(out);
        if (inHead && out.size() == before) {
            startClock(context);
            weigh(context, buffer, out);
        } else {
            stopClock();
            forgetTheHead();
        }
    }

    private void refuse(Exception why, ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
            throws Exception {
        dropTheRest(context);
        out.add(invalid(why));
        buffer.skipBytes(buffer.readableBytes());
    }

    /**
     * Takes no more from this client, and lets go of what it has of a request: a client may stay for a while to read why,
     * and one that weighs nothing in the load must not hold memory.
     */
    private void dropTheRest(ChannelHandlerContext context) throws Exception {
        refused = true;
        stopClock();
        forgetTheHead();
        // Netty's decoder does it when it reads on, if only nothing
        reset();
        super.decode(context, Unpooled.EMPTY_BUFFER, new ArrayList<>(0));
    }

    /** What there is of a head has its place in the load until it is whole: then its request has one. */
    private void weigh(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
        int now = Load.weight(bytes + buffer.readableBytes(), lines);
        load.take(now - weight);
        weight = now;
        if (load.isTooMuch()) {
            refuse(new OverloadException(), context, buffer, out);
        }
    }

    private void forgetTheHead() {
        load.give(weight);
        weight = 0;
        bytes = 0;
        lines = 0;
    }

    @Override
    protected HttpMessage createMessage(String[] line) throws Exception {
        HttpVersion version = version(line[2]);
        return version == null
                ? super.createMessage(line)
                : new RequestHead(version, HttpMethod.valueOf(line[0]), line[1], headersFactory);
    }

    private static @Nullable HttpVersion version(String name) {
        if (name.equals(HttpVersion.HTTP_1_1.text())) {
            return HttpVersion.HTTP_1_1;
        }
        return name.equals(HttpVersion.HTTP_1_0.text()) ? HttpVersion.HTTP_1_0 : null;
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
        stopClock();
        forgetTheHead();
        super.handlerRemoved0(context);
    }

    /** Most heads come in one piece, and need none. */
    private void startClock(ChannelHandlerContext context) {
        if (clock == null) {
            clock = context.executor()
                    .schedule(() -> headIsLate(context), headWithin.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void stopClock() {
        Future<?> running = clock;
        clock = null;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void headIsLate(ChannelHandlerContext context) {
        clock = null;
        if (context.channel().config().isAutoRead()) {
            try {
                dropTheRest(context);
                // what is left of a line goes too
                channelRead(context, Unpooled.EMPTY_BUFFER);
            } catch (Exception e) {
                context.fireExceptionCaught(e);
                return;
            }
            context.fireChannelRead(invalid(ReadTimeoutException.INSTANCE));
            context.fireChannelReadComplete();
        } else {
            // it is we who do not read, since an earlier request is not answered yet
            startClock(context);
        }
    }

    private HttpMessage invalid(Throwable cause) {
        HttpMessage invalid = createInvalidMessage();
        invalid.setDecoderResult(DecoderResult.failure(cause));
        return invalid;
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("a request has a Content-Length or a Transfer-Encoding, not both");
    }

    private void follow(List<Object> out) {
        for (Object message : out) {
            if (message instanceof HttpRequest request) {
                upgrade = request.decoderResult().isSuccess() && WebSockets.asked(request);
                if (request instanceof RequestHead head) {
                    head.weigh(bytes);
                }
                inHead = false;
                sawLine = false;
            }
            if (message instanceof LastHttpContent) {
                inHead = true;
                held = upgrade;
            }
        }
    }

    /** Netty takes tabs and returns for blanks, several for one, and small letters for capitals (RFC 9112, 3). */
    private static boolean isRequestLine(ByteBuf buffer, int start, int end) {
        int blanks = 0;
        int lastBlank = start;
        for (int at = start; at < end; at++) {
            byte octet = buffer.getByte(at);
            if (octet == ' ') {
                if (at == lastBlank + 1) {
                    return false;
                }
                blanks++;
                lastBlank = at;
            } else if (octet >= 0 && octet < ' ') {
                return false;
            }
        }
        return blanks == 2 && buffer.getByte(lastBlank + 1) == 'H';
    }

    /** Looks at the lines of a head that have arrived; Netty takes whole lines, so the first unread byte begins one. */
    private Optional<Exception> problem(ByteBuf buffer) {
        int start = buffer.readerIndex();
        int end = buffer.writerIndex();
        while (start < end) {
            int feed = buffer.indexOf(start, end, (byte) '\n');
            byte first = buffer.getByte(start);
            if (first == ' ' || first == '\t') {
                return malformed("a header line must not be folded, nor begin with a blank");
            }
            if (feed < 0) {
                return Optional.empty();
            }
            if (feed == start || buffer.getByte(feed - 1) != '\r') {
                return malformed("lines end with CR and LF, not with LF alone");
            }
            if (feed == start + 1 && sawLine) {
                return Optional.empty();
            }
            if (!sawLine && feed > start + 1) {
                sawLine = true;
                if (!isRequestLine(buffer, start, feed - 1)) {
                    return malformed("a request line is a method, a target and HTTP/1.1, with one blank between");
                }
            }
            if (++lines > mostFields + 1) {
                return Optional.of(new TooLongHttpHeaderException("more than " + mostFields + " fields"));
            }
            start = feed + 1;
        }
        return Optional.empty();
    }

    private static Optional<Exception> malformed(String sentence) {
        return Optional.of(new IllegalArgumentException(sentence));
    }
}
