package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Choice;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Entrance;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Refused;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Side;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** How one request is let in: at once, after it was held, or not at all. Lives on the event loop of its request. */
final class Admittance {

    private final Exchange exchange;
    private final Asker client;
    private @Nullable Hold hold;
    private Choice.@Nullable Go chosen;

    Admittance(Exchange exchange, Asker client) {
        this.exchange = exchange;
        this.client = client;
    }

    /** Claims a side, and tells the exchange how that went; not yet, if the request is to wait. */
    void seek(Entrance by) {
        Choice choice = by.claim(exchange);
        if (choice instanceof Choice.Go go) {
            chosen = go;
            exchange.goTo(go.side());
        } else if (choice instanceof Choice.Wait wait) {
            Hold holding = hold == null ? new Hold(client, exchange, this::heldTooLong) : hold;
            hold = holding;
            holding.in(wait);
        } else {
            Refused why = choice.refused().orElse(Refused.NOWHERE);
            exchange.turnAway(why, OwnAnswer.turningAway(choice, exchange.request()));
        }
    }

    boolean waits() {
        return hold != null && hold.waits();
    }

    /** It does not wait any more. */
    void end() {
        if (hold != null) {
            hold.end();
        }
    }

    /** With a cookie, unless it is another side that answers than the one that was chosen. */
    void keepUserThere(@Nullable Side answering, HttpResponse answer) {
        Choice.Go first = chosen;
        if (first != null
                && first.cookie().isPresent()
                && answering != null
                && first.side().gate() == answering.gate()) {
            String secure = client.scheme().equals("https") ? "; Secure" : "";
            answer.headers().add(HttpHeaderNames.SET_COOKIE, first.cookie().get() + secure);
        }
    }

    private void heldTooLong() {
        if (hold != null) {
            exchange.turnAway(Refused.HELD_TOO_LONG, OwnAnswer.waitedTooLong(hold.lasted()));
        }
    }
}
