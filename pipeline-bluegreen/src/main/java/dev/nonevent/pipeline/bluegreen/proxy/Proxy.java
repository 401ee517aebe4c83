package dev.nonevent.pipeline.bluegreen.proxy;

import java.util.List;
import java.util.Optional;

/**
 * What differs from one proxy to the next. Every method is called by one thread at a time, and those about the layout by one
 * process at a time.
 *
 * <p>Each throws {@link dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException} if the proxy cannot be reached or
 * read.
 */
public interface Proxy {

    /** What it reads when it starts: every line after the first two of its file. */
    String file(Layout layout);

    /** What is wrong with the file as it lies there now, in the proxy's words; empty if it would start with it. */
    Optional<String> complaint() throws InterruptedException;

    /** Makes the running proxy go by the file that lies there now; on return no new connection goes by a former one. */
    void obey(Layout layout) throws InterruptedException;

    /** What the running proxy does instead of the layout, as a half sentence; empty if it goes by it. */
    Optional<String> disagreement(Layout layout);

    /** What the running proxy does although its file is missing or empty, as a half sentence; empty if it does not run, or begins. */
    Optional<String> wayWithoutAFile();

    /** The highest fence that the running proxy knows of; 0 if it keeps none. */
    long fence();

    /** Counts what has been answered since the page was last brought up to date. */
    Page count(Page page, List<Side> sides);

    /** Requests that the side has been given and not yet answered. */
    long inFlight(Side side);

    /** Ends what the side has in flight, and says how many requests that were. */
    long cut(Side side);

    /** Whether what was cut is among what it counts. */
    boolean countsWhatItCuts();

    /** Nobody is to be sent anywhere any more, and the file says so already. */
    void end(Layout closed) throws InterruptedException;
}
