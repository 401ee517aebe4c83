package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Ended;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Ended.How;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Entrance;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Gate;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Guest;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Refused;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Side;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, passed through while they arrive. Claims its side first, and leaves it once it is counted.
 *
 * <p>Everything happens on the event loop of the client's connection; only {@link #cut} may be called by others.
 *
 * <p>A request that may be sent {@link Again} goes to the same instance, once, if it went out on a connection that had
 * waited, and nothing of an answer was seen: then the server had closed the connection at the same moment. If it was lost on
 * a new one, it goes to another replica of its side, once. And it goes to the standby, once, if its side failed it before the
 * answer began. The user gets the standby's answer whatever it is. What reached nobody goes to the next replica in any case.
 */
final class Exchange extends Forwarding implements Guest {

    private final Admittance admittance;
    private long began;

    private Account account = Account.NONE;
    private @Nullable Entrance entrance;
    private @Nullable Side side;
    private boolean replayed;
    private boolean answerBegan;
    private int status;
    private boolean instanceGoesOn;
    private boolean over;
    private @Nullable HttpResponse switching;
    private @Nullable EventStream stream;

    Exchange(Asker client, HttpRequest request) {
        super(client, request);
        this.began = client.time().nanos();
        this.admittance = new Admittance(this, client);
    }

    /** Claims a side, finds a connection to it, and sends; or waits, or is turned away. */
    void begin(Entrance by) {
        entrance = by;
        account = Account.of(request, client, by.desk());
        admittance.seek(by);
    }

    void goTo(Side chosen) {
        side = chosen;
        send(chosen);
    }

    void turnAway(Refused why, OwnAnswer own) {
        status = own.status().code();
        account.refused(why, Objects.requireNonNull(entrance).desk());
        leave(How.ABANDONED);
        client.answer(request, own, upload.whole());
    }

    HttpRequest request() {
        return request;
    }

    /** Whether the next word is the client's: the rest of its request, which nothing here keeps it from sending. */
    boolean awaitsClient() {
        return !upload.read() && !admittance.waits();
    }

    /** Whether all of the request has arrived, so that what follows is the next one. */
    boolean requestRead() {
        return upload.read();
    }

    // --- from the client

    void requestGoesOn(HttpContent content) {
        UpstreamConnection to = upstream;
        if (!upload.takes(content) || over) {
            content.release();
            refuse(Scrutiny.tooLarge(client.pool().limits().clients()));
        } else if (to == null) {
            upload.keep(content);
        } else {
            upload.pass(to, content);
        }
    }

    void requestIsUnreadable() {
        refuse(Scrutiny.malformed("the body of the request cannot be read"));
    }

    private void refuse(Scrutiny.Refusal refusal) {
        if (!over) {
            account.refused(refusal.why(), Objects.requireNonNull(entrance).desk());
            fail(refusal.status(), refusal.sentence(), How.ABANDONED);
        }
    }

    void flushToInstance() {
        UpstreamConnection to = upstream;
        if (to != null && !over) {
            to.flush();
        }
    }

    void clientTakesMore() {
        UpstreamConnection from = upstream;
        if (from != null && !over) {
            from.resume();
        }
    }

    /** The client hung up: the instance is told, by the end of its connection. Not the instance's failure. */
    void clientLeft() {
        if (!over) {
            leave(How.ABANDONED);
            dropUpstream(false);
        }
    }

    // --- from the instance

    void answerBegins(HttpResponse response) {
        answered();
        if (Heads.interim(response)) {
            client.passOn(Heads.toClient(response), request);
            return;
        }
        if (WebSockets.asked(request) && WebSockets.agreed(response)) {
            switching = response;
            admittance.keepUserThere(side, response);
            return;
        }
        if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            fail(HttpResponseStatus.BAD_GATEWAY, "the instance switched protocols unasked", How.UNANSWERED);
            return;
        }
        if (Again.isFailure(response.status()) && replay(response.status(), Again.why(response.status()))) {
            return;
        }
        answerBegan = true;
        status = response.status().code();
        instanceGoesOn = HttpUtil.isKeepAlive(response);
        admittance.keepUserThere(side, response);
        client.beginAnswer(request, response, upload.read());
        if (EventStream.isOne(response)) {
            stream = new EventStream(response, this, client, Objects.requireNonNull(side));
            stream.begin(ended(How.ANSWERED), Objects.requireNonNull(upstream));
        }
    }

    void answerGoesOn(HttpContent content) {
        if (!answerBegan) {
            // the empty end of an interim answer
            content.release();
            if (content instanceof LastHttpContent && switching != null) {
                becomeTunnel(switching);
            } else if (content instanceof LastHttpContent) {
                client.endInterim();
            }
            return;
        }
        account.grows(content);
        UpstreamConnection from = upstream;
        if (content instanceof LastHttpContent last) {
            Heads.trimTrailers(last);
            leave(How.ANSWERED);
            dropUpstream(instanceGoesOn && upload.sent());
            client.endAnswer(last, upload.read());
            return;
        }
        EventStream followed = stream;
        boolean takesMore = client.write(followed == null ? content : followed.follow(content));
        if (!takesMore && from != null) {
            from.pause();
        }
        if (followed != null && followed.mayEnd()) {
            endStream(true);
        }
    }

    /** What follows is frames, and no request is in flight any more. */
    private void becomeTunnel(HttpResponse agreed) {
        over = true;
        upload.release();
        status = agreed.status().code();
        account.close(status, side);
        landed();
        UpstreamConnection instance = Objects.requireNonNull(upstream);
        upstream = null;
        Tunnel.open(this, Objects.requireNonNull(side), ended(How.ANSWERED), client, instance, agreed);
    }

    /** Ends an answer that would go on and on; if not cleanly, then so that nobody takes it for whole. */
    void endStream(boolean cleanly) {
        leave(How.ANSWERED);
        dropUpstream(false);
        if (cleanly) {
            client.endAnswer(LastHttpContent.EMPTY_LAST_CONTENT, upload.read());
        } else {
            client.breakOff();
        }
    }

    @Override
    boolean over() {
        return over;
    }

    void flushToClient() {
        client.flush();
    }

    void instanceTakesMore() {
        client.resume();
    }

    void instanceLeft() {
        if (answerBegan || over || !sentAgain()) {
            instanceFailed("it closed the connection");
        }
    }

    void instanceFailed(String why) {
        fail(HttpResponseStatus.BAD_GATEWAY, "the instance did not answer: " + why, How.UNANSWERED);
    }

    /** The client has not read for so long that it is given up; not the instance's failure. */
    void clientTooSlow() {
        if (!over) {
            leave(How.ABANDONED);
            dropUpstream(false);
            client.breakOff();
        }
    }

    void instanceTooSlow() {
        fail(HttpResponseStatus.GATEWAY_TIMEOUT, "the instance did not answer in time", How.UNANSWERED);
    }

    // --- from the switchboard

    @Override
    public List<String> values(String header) {
        return request.headers().getAll(header);
    }

    @Override
    public void claimAgain() {
        client.execute(() -> {
            if (!over && admittance.waits()) {
                admittance.end();
                began = client.time().nanos();
                admittance.seek(Objects.requireNonNull(entrance));
            }
        });
    }

    @Override
    public void cut(Gate gate, Runnable wasCut) {
        client.execute(() -> {
            if (!over && side != null && side.gate() == gate) {
                wasCut.run();
                fail(
                        HttpResponseStatus.GATEWAY_TIMEOUT,
                        "the instance did not answer before it was taken away",
                        How.CUT);
            }
        });
    }

    // --- details

    @Override
    void reachedNobody(String why) {
        fail(HttpResponseStatus.BAD_GATEWAY, "the instance takes no connection: " + why, How.UNANSWERED);
    }

    @Override
    void sendOver(UpstreamConnection to) {
        upstream = to;
        to.carry(this);
        to.write(account.sent(Heads.toInstance(request, to.to(), client)));
        upload.follow(to);
    }

    /** Ends it without the instance's answer, or in the middle of it. */
    private void fail(HttpResponseStatus instead, String sentence, How how) {
        if (over || (how == How.UNANSWERED && replay(instead, sentence))) {
            return;
        }
        account.failed(sentence);
        status = instead.code();
        leave(how);
        dropUpstream(false);
        if (answerBegan) {
            // whoever reads half an answer must not take it for a whole one
            client.breakOff();
        } else {
            client.answer(request, OwnAnswer.sentence(instead, sentence), upload.whole());
        }
    }

    /** To the standby, whose own request it is from there on; false if there is none that may answer it. */
    private boolean replay(HttpResponseStatus failure, String why) {
        Side failed = side;
        Entrance by = entrance;
        if (upload.onceOnly() || replayed || answerBegan || failed == null || by == null) {
            return false;
        }
        Optional<Side> standby = by.claimStandby(failed, this);
        if (standby.isEmpty()) {
            return false;
        }
        replayed = true;
        account.replayed(why);
        status = failure.code();
        leave(How.REPLAYED);
        // what is left of the failed answer is thrown away with its connection
        dropUpstream(false);
        client.endInterim();
        over = false;
        upload.sendAgain();
        status = 0;
        began = client.time().nanos();
        side = standby.get();
        send(standby.get());
        return true;
    }

    private void leave(How how) {
        over = true;
        admittance.end();
        landed();
        Side claimed = side;
        EventStream streamed = stream;
        if (streamed != null) {
            streamed.ended();
        } else if (claimed != null) {
            claimed.leave(this, ended(how), client.time());
        }
        if (how != How.REPLAYED) {
            upload.release();
            account.close(status, claimed);
        }
    }

    private Ended ended(How how) {
        return new Ended(how, status, client.time().nanos() - began);
    }
}
