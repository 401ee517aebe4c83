package dev.nonevent.pipeline.bluegreen.router.watch;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Figures;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Refused;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import java.util.List;
import java.util.Map;

/** What a router knows of itself at one moment. */
public interface House {

    String application();

    Route route();

    /** Of the routing of users since this router was started. */
    long switches();

    List<Figures> figures();

    /** Each target of the route, and whether it is known to take connections; see {@code Doubts}. */
    Map<Target, Boolean> trusted();

    /** Requests that wait for the traffic to be opened. */
    long held();

    /** Connections of clients. */
    long connections();

    /** Those there was no room for. */
    long connectionsTurnedAway();

    /** How many requests the router refused, for every reason there is. */
    Map<Refused, Long> refused();

    /** Lines that the access log could not take. */
    long unlogged();
}
