package dev.nonevent.pipeline.bluegreen.judge;

import java.util.Locale;

/** So many of so many. */
record Share(long count, long of) {

    /** Between 0 and 1; 0 of nothing is 0. */
    double rate() {
        return of == 0 ? 0 : (double) count / of;
    }

    /** The same share of at most so many. */
    Share shrunkTo(long most) {
        return of <= most ? this : new Share(Math.round(rate() * most), most);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s of %,d", percent(rate()), of);
    }

    static String percent(double rate) {
        String digits = rate >= 0.01 || rate == 0 ? "%.1f %%" : rate >= 0.0005 ? "%.2f %%" : "%.4f %%";
        return String.format(Locale.ROOT, digits, rate * 100);
    }
}
