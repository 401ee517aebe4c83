package dev.nonevent.pipeline.bluegreen.judge;

/**
 * How strongly a sample speaks against "no more than the allowed share fails", in a way that may be looked at after every
 * request.
 *
 * <p>It is the mean of likelihood ratios of higher rates against the allowed one. While the true rate is at most the
 * allowed one, this is a supermartingale that begins at 1, so the chance that it ever reaches 1/a is at most a, over any
 * number of looks (Ville's inequality; Wald, "Sequential Tests of Statistical Hypotheses", 1945; Robbins, "Statistical
 * Methods Related to the Law of the Iterated Logarithm", 1970). A fixed-size test that is asked every 25 ms would fail
 * every release sooner or later.
 */
final class Evidence {

    private static final double[] TIMES_THE_ALLOWED = {1.5, 2, 3, 5, 10, 20, 50};

    private Evidence() {}

    /** 1 says nothing, 1,000 is as unlikely as 1 in 1,000; infinite if what happened cannot. */
    static double against(double allowed, Sample sample) {
        if (allowed <= 0) {
            return sample.failed() > 0 ? Double.POSITIVE_INFINITY : 1;
        }
        double sum = 0;
        for (double times : TIMES_THE_ALLOWED) {
            sum += ratio(1 - (1 - allowed) / times, allowed, sample);
        }
        double total = 0;
        for (double times : TIMES_THE_ALLOWED) {
            total += ratio(Math.min(allowed * times, (1 + allowed) / 2), allowed, sample);
        }
        return (sum + total) / (2 * TIMES_THE_ALLOWED.length);
    }

    private static double ratio(double higher, double allowed, Sample sample) {
        long answered = sample.requests() - sample.failed();
        return Math.exp(
                sample.failed() * Math.log(higher / allowed) + answered * Math.log((1 - higher) / (1 - allowed)));
    }
}
