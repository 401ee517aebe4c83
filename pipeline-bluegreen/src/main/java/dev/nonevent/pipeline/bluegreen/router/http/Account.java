package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Desk;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Finished;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Refused;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Side;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is told of one request when it has ended, gathered on the way. Costs nothing if nobody wants to know. */
final class Account {

    static final Account NONE = new Account();

    private final Finished.@Nullable Listener listener;
    private final @Nullable Asker client;
    private final @Nullable HttpRequest request;
    private final long began;
    private long bytes;
    private boolean replayed;
    private @Nullable String requestId;
    private @Nullable String failure;

    private Account() {
        this.listener = null;
        this.client = null;
        this.request = null;
        this.began = 0;
    }

    private Account(Finished.Listener listener, Asker client, HttpRequest request) {
        this.listener = listener;
        this.client = client;
        this.request = request;
        this.began = client.time().nanos();
    }

    static Account of(HttpRequest request, Asker client, Desk desk) {
        Finished.Listener listener = desk.listener();
        return listener == null ? NONE : new Account(listener, client, request);
    }

    /** Nothing but its head was looked at. */
    static void refused(HttpRequest request, Asker client, Desk desk, Scrutiny.Refusal refusal) {
        Account account = of(request, client, desk);
        account.failed(refusal.why().word() + ": " + refusal.sentence());
        account.refused(refusal.why(), desk);
        account.close(refusal.status().code(), null);
    }

    /** The router answers itself. */
    void refused(Refused why, Desk desk) {
        desk.turnAway(why);
        failed(why.word());
    }

    HttpRequest sent(HttpRequest toInstance) {
        if (listener != null) {
            requestId = Heads.requestId(toInstance);
        }
        return toInstance;
    }

    void grows(HttpContent part) {
        if (listener != null) {
            bytes += part.content().readableBytes();
        }
    }

    /** The first reason stays. */
    void failed(String why) {
        if (listener != null && failure == null) {
            failure = why;
        }
    }

    void replayed(String why) {
        failed(why);
        if (listener != null) {
            replayed = true;
        }
    }

    void close(int status, @Nullable Side side) {
        if (listener == null || client == null || request == null) {
            return;
        }
        listener.finished(new Finished(
                client.time().now(),
                client.address(),
                request.method().name(),
                Heads.path(request),
                status,
                bytes,
                client.time().nanos() - began,
                Optional.ofNullable(side).map(Side::target),
                Optional.ofNullable(requestId),
                replayed,
                Optional.ofNullable(failure)));
    }
}
