package dev.nonevent.pipeline.bluegreen.freeze;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;

/** When it is a local time in a place whose clocks are changed: never, once or twice. */
final class LocalMoment {

    private LocalMoment() {}

    /** Whether a moment lies between two local times, at its widest. */
    static boolean in(ZoneId zone, LocalDateTime from, LocalDateTime until, Instant moment) {
        return !moment.isBefore(first(zone, from)) && moment.isBefore(last(zone, until));
    }

    static Instant first(ZoneId zone, LocalDateTime local) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change == null || change.isOverlap() ? local.atZone(zone).toInstant() : change.getInstant();
    }

    static Instant last(ZoneId zone, LocalDateTime local) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change == null || change.isOverlap()
                ? local.atZone(zone).withLaterOffsetAtOverlap().toInstant()
                : change.getInstant();
    }

    static List<String> problems(FreezeWindow window) {
        return window.reason().isBlank()
                ? List.of("a freeze in " + window.zone() + " says nobody why; give it a reason, for who has to wait")
                : List.of();
    }
}
