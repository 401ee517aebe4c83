package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The rest of one request, behind its head, on its way to the instance. While there is none to send it to, what came waits
 * and little more is read: that a client hangs up is heard only by reading. What may be sent {@link Again} is kept, unless it
 * is much. Lives on the event loop of its request.
 */
final class Upload {

    /** Bytes that a piece takes beside what is in it. */
    private static final int PIECE = 256;

    /** Most requests are sent on at once. */
    private static final int FEW = 1;

    private final Asker client;
    private final boolean hasBody;
    private final Deque<HttpContent> waiting = new ArrayDeque<>(FEW);
    private final Deque<HttpContent> copies = new ArrayDeque<>(FEW);
    private boolean onceOnly;
    private boolean read;
    private boolean sent;
    private long received;
    private int kept;
    private int copied;
    private int weight;

    Upload(Asker client, HttpRequest request) {
        this.client = client;
        this.weight = Load.weight(request);
        client.pool().load().take(weight);
        this.hasBody = HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
        this.onceOnly = !Again.allowed(request, hasBody);
    }

    /** Whether it must not be sent to anybody else any more, or never might. */
    boolean onceOnly() {
        return onceOnly;
    }

    /** Whether all of it has arrived. */
    boolean read() {
        return read;
    }

    /** Whether nothing of it is left to arrive but its empty end. */
    boolean whole() {
        return read || !hasBody;
    }

    /** Whether the instance has all of it. */
    boolean sent() {
        return sent;
    }

    /** Looks at what arrived; false if that is more than may come. */
    boolean takes(HttpContent content) {
        read = content instanceof LastHttpContent;
        received += content.content().readableBytes();
        if (hasBody && !onceOnly) {
            copy(content);
        }
        return received <= client.pool().limits().clients().body();
    }

    private void copy(HttpContent content) {
        int bytes = PIECE + content.content().readableBytes();
        copied += bytes;
        boolean room = client.pool().load().unread(bytes);
        if (room && copied <= 2 * Again.LONGEST_BODY) {
            copies.add(content.copy());
        } else {
            onceOnly = true;
            forget();
        }
    }

    private void forget() {
        client.pool().load().unread(-copied);
        copied = 0;
        drop(copies);
    }

    void keep(HttpContent content) {
        waiting.add(content);
        kept += PIECE + content.content().readableBytes();
        if (hasBody && read) {
            // nothing of it is left to be read, but that the client hangs up
            client.resume();
        } else if (hasBody && kept > client.pool().limits().chunk()) {
            client.pause();
        }
    }

    void pass(UpstreamConnection to, HttpContent content) {
        if (content instanceof LastHttpContent last) {
            sent = true;
            Heads.trimTrailers(last);
        }
        to.write(content);
        if (!to.isWritable()) {
            client.pause();
        }
    }

    /** Passes on what waited, behind the head. */
    void follow(UpstreamConnection to) {
        if (read && waiting.isEmpty()) {
            // sent again: its empty end was passed on the first time
            pass(to, LastHttpContent.EMPTY_LAST_CONTENT);
        }
        while (!waiting.isEmpty()) {
            pass(to, waiting.remove());
        }
        to.flush();
        if (hasBody && to.isWritable()) {
            client.resume();
        }
    }

    /** Another connection is to get it. */
    void sendAgain() {
        sent = false;
        if (!copies.isEmpty()) {
            drop(waiting);
            copies.forEach(copy -> waiting.add(copy.retainedDuplicate()));
        }
    }

    /** Nothing more of the request is needed; called again, does nothing. */
    void release() {
        client.pool().load().give(weight);
        weight = 0;
        drop(waiting);
        forget();
    }

    private static void drop(Deque<HttpContent> contents) {
        contents.forEach(ReferenceCountUtil::release);
        contents.clear();
    }
}
