package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.protocol.Event;

/** Ends the application: first its users are turned away, then what runs is stopped. */
final class TakeDown {

    private final Site site;

    /** @param site with what carries the traffic as it was found; one that cannot be asked, or obeys somebody else, stays */
    TakeDown(Site site) {
        this.site = site;
    }

    String run() throws InterruptedException {
        Execution execution = new Execution(site);
        execution.follow(Event.GO_DOWN);
        site.tidy();
        int ended = execution.findings().ended;
        return "\"" + site.application() + "\" is down: " + ended + (ended == 1 ? " instance" : " instances")
                + " stopped, " + (site.isRouted() ? "its router ended" : "no router was running")
                + "; its ledger stays";
    }
}
