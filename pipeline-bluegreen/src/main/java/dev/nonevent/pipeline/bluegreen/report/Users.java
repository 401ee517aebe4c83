package dev.nonevent.pipeline.bluegreen.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What users met during a deployment.
 *
 * @param served by each release that had some of them, the new one first
 * @param drained by each release that lost the traffic and had its requests ended
 * @param countedAt when the switcher was asked; later than the end if the process that ended it died before it could ask
 */
public record Users(List<Served> served, List<Drained> drained, Optional<Instant> countedAt) {

    /** @param answers empty if nobody counted, or nobody knows any more */
    public record Served(Side side, Optional<Answers> answers) {}

    /**
     * Requests from the begin of the deployment until the switcher was asked.
     *
     * @param requests answered or failed
     * @param failed no answer from the release, or one of 500 to 599
     * @param spared of the failed ones: answered by the release before, so that no user saw them
     * @param complete whether these are all; if not, counting began anew at zero in between, and there were more
     */
    public record Answers(long requests, long failed, long spared, boolean complete) {

        /** Failed requests that users saw. */
        public long seen() {
            return failed - spared;
        }
    }

    /**
     * @param finished requests that were in flight when it lost the traffic and came to their end: an answer, or a client that gave up
     * @param cut those that had not come to their end in time
     */
    public record Drained(Side side, long finished, long cut) {}

    public Users {
        served = List.copyOf(served);
        drained = List.copyOf(drained);
    }
}
