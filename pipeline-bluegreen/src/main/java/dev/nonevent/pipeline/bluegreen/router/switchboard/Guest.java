package dev.nonevent.pipeline.bluegreen.router.switchboard;

import java.util.List;

/** A request at the door, as far as the switchboard looks into it. */
public interface Guest extends Gate.Claim {

    /** Every value of that request header, in their order; the name in any case. */
    List<String> values(String header);

    /** It waited in the {@link WaitingRoom} that {@link Choice.Wait} named, and may claim again. Any thread may call. */
    void claimAgain();
}
