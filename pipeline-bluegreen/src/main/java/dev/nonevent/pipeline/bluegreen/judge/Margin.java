package dev.nonevent.pipeline.bluegreen.judge;

import java.util.List;

/** How much higher a rate may be without being worse: so many times or so much more, whichever is higher. */
record Margin(double times, double more) {

    double over(double rate) {
        return Math.min(1, Math.max(rate * times, rate + more));
    }

    /** The rate from which on it is the times that count. */
    double bend() {
        return times > 1 ? Math.min(1, more / (times - 1)) : 1;
    }

    List<String> problems() {
        return times >= 1 && more >= 0 && more < 1
                ? List.of()
                : List.of("a margin of " + times + " times or " + more
                        + " more is none; say 1 or more times, and a share from 0 to below 1, such as 0.001");
    }

    @Override
    public String toString() {
        return "up to " + times + " times or " + Share.percent(more) + " more";
    }
}
