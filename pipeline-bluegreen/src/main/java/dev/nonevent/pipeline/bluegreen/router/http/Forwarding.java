package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Replica;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Replicas;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Side;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How one request finds a connection to its side, and another one. Lives on the event loop of its request. */
abstract class Forwarding {

    final Asker client;
    final HttpRequest request;
    final Upload upload;

    @Nullable
    UpstreamConnection upstream;

    private @Nullable Attempts attempts;
    private boolean mayRepeat;

    Forwarding(Asker client, HttpRequest request) {
        this.client = client;
        this.request = request;
        this.upload = new Upload(client, request);
    }

    /** Whether nothing is to be sent any more. */
    abstract boolean over();

    abstract void sendOver(UpstreamConnection to);

    /** Nobody took a connection. */
    abstract void reachedNobody(String why);

    final void send(Side to) {
        Replicas replicas = to.replicas();
        Attempts several = Attempts.at(replicas, client);
        attempts = several;
        mayRepeat = false;
        sendTo(several == null ? replicas.first() : several.first(upload.onceOnly()));
    }

    private void sendTo(Replica to) {
        Optional<UpstreamConnection> reused = client.pool().take(to, upload.onceOnly());
        if (reused.isPresent()) {
            mayRepeat = true;
            sendOver(reused.get());
        } else {
            connect(to);
        }
    }

    private void connect(Replica to) {
        client.pool().connect(to, (connected, why) -> {
            if (over()) {
                if (connected != null) {
                    connected.close();
                }
            } else if (connected != null) {
                sendOver(connected);
            } else if (!goesElsewhere(false)) {
                reachedNobody(why);
            }
        });
    }

    /** After its connection was lost without a word of an answer; false if it may not, or cannot, be sent once more. */
    final boolean sentAgain() {
        UpstreamConnection lost = upstream;
        if (lost == null) {
            return false;
        } else if (!mayRepeat) {
            return goesElsewhere(true);
        } else if (upload.onceOnly()) {
            // a connection that had waited may be closed by anybody: that says nothing of who is behind it
            return false;
        }
        mayRepeat = false;
        upstream = null;
        upload.sendAgain();
        connect(lost.to());
        return true;
    }

    /** To another replica of its side; false if it may go to none. */
    private boolean goesElsewhere(boolean wasSent) {
        Attempts several = attempts;
        Replica next = several == null ? null : several.afterFailure(wasSent, upload.onceOnly());
        if (next == null) {
            return false;
        }
        mayRepeat = false;
        upstream = null;
        upload.sendAgain();
        sendTo(next);
        return true;
    }

    /** The instance has something to say. */
    final void answered() {
        if (attempts != null) {
            attempts.answered();
        }
    }

    /** It is in flight no more. */
    final void landed() {
        if (attempts != null) {
            attempts.over();
        }
    }

    final void dropUpstream(boolean reusable) {
        UpstreamConnection used = upstream;
        upstream = null;
        if (used != null) {
            used.release(reusable);
        }
    }
}
