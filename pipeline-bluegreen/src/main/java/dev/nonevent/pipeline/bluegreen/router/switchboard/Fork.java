package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Canary.HeaderMatch;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the way to the canary leaves the way to the active side. The header decides first, then the cookie, then the
 * share of the hundred; at 100 percent everybody goes to the canary.
 *
 * <p>A user whom the share sent somewhere gets the cookie and stays there, on the active side as well: who has it does not
 * move when the percentage grows, until it is 100. At 0 and at 100 percent nothing is left to the share, and no cookie is
 * set. A cookie of a deployment that is neither of the two counts for nothing, and is replaced.
 */
final class Fork {

    private static final int ALL = 100;

    private final Canary canary;
    private final Share share;
    private final @Nullable HeaderMatch header;
    private final @Nullable StickyCookie cookie;
    private final String activeValue;
    private final String canaryValue;
    private final Choice.Go toActive;
    private final Choice.Go toCanary;
    private final Choice.Go newToActive;
    private final Choice.Go newToCanary;

    /** @param share counts on where the routing before it had the same canary and percentage */
    Fork(Canary canary, Side activeSide, Side canarySide, Share share) {
        this.canary = canary;
        this.share = share;
        this.header = canary.header().orElse(null);
        this.cookie = canary.cookie().map(StickyCookie::new).orElse(null);
        this.activeValue = StickyCookie.valueFor(activeSide.target().deployment());
        this.canaryValue = StickyCookie.valueFor(canarySide.target().deployment());
        this.toActive = Choice.Go.to(activeSide);
        this.toCanary = Choice.Go.to(canarySide);
        this.newToActive = new Choice.Go(activeSide, sets(activeValue));
        this.newToCanary = new Choice.Go(canarySide, sets(canaryValue));
    }

    Share share() {
        return share;
    }

    boolean isFor(Canary other) {
        return canary.target().equals(other.target()) && canary.percent() == other.percent();
    }

    Choice.Go choose(Guest guest) {
        HeaderMatch match = header;
        if (canary.percent() == ALL
                || (match != null && guest.values(match.name()).contains(match.value()))) {
            return toCanary;
        }
        StickyCookie sticky = cookie;
        if (sticky != null) {
            if (sticky.isSetTo(canaryValue, guest)) {
                return toCanary;
            }
            if (sticky.isSetTo(activeValue, guest)) {
                return toActive;
            }
        }
        if (canary.percent() == 0) {
            return toActive;
        }
        return share.picks() ? newToCanary : newToActive;
    }

    private Optional<String> sets(String value) {
        StickyCookie sticky = cookie;
        return sticky == null ? Optional.empty() : Optional.of(sticky.setTo(value));
    }
}
