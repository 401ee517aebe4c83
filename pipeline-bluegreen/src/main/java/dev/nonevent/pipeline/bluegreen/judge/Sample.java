package dev.nonevent.pipeline.bluegreen.judge;

/**
 * What the new release has answered since it got the traffic. Exact counts.
 *
 * @param requests answered or failed
 * @param failed of those
 */
public record Sample(long requests, long failed) {

    public Sample {
        if (failed < 0 || requests < failed) {
            throw new IllegalArgumentException(failed + " failed of " + requests + " requests is no sample");
        }
    }

    /** Between 0 and 1; 0 if nothing was asked. */
    public double rate() {
        return requests == 0 ? 0 : (double) failed / requests;
    }
}
