package dev.nonevent.pipeline.bluegreen.judge;

/**
 * The exact chance that at least so many of so many requests fail at a given rate. Summed in logarithms, with the
 * factorials by Stirling's series (Abramowitz and Stegun, 6.1.41), so that neither large counts nor small rates overflow.
 */
final class BinomialTail {

    private BinomialTail() {}

    /** P(X &ge; failed) for X ~ Binomial(requests, rate). */
    static double atLeast(Sample sample, double rate) {
        long n = sample.requests();
        if (sample.failed() == 0) {
            return 1;
        } else if (rate <= 0) {
            return 0;
        } else if (sample.failed() <= n * rate) {
            // Not more than expected: the tail is about a half or more, and nobody asks how much exactly.
            return 0.5;
        }
        double term = Math.exp(logOf(n, sample.failed(), rate));
        double sum = term;
        for (long k = sample.failed(); k < n && term > sum * 1e-12; k++) {
            term *= (double) (n - k) / (k + 1) * (rate / (1 - rate));
            sum += term;
        }
        return Math.min(1, sum);
    }

    private static double logOf(long n, long k, double rate) {
        return logFactorial(n)
                - logFactorial(k)
                - logFactorial(n - k)
                + k * Math.log(rate)
                + (n - k) * Math.log1p(-rate);
    }

    private static double logFactorial(long n) {
        if (n < 20) {
            double sum = 0;
            for (int i = 2; i <= n; i++) {
                sum += Math.log(i);
            }
            return sum;
        }
        double x = n + 1.0;
        return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x * x * x);
    }
}
