package dev.nonevent.pipeline.bluegreen.router.switchboard;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Picks that many of each hundred requests, without chance: of every hundred, counted from the first, exactly so many; of
 * any thousand in a row at most one more or less than ten times as many.
 *
 * <p>A client that asks for the same pages in turn must not meet the same side on each of them for ever. So the picks of a
 * hundred are spread by a step near the golden section, and move on by ten with each hundred and by one with each thousand:
 * of ten thousand requests, each place in a turn of up to a hundred is picked equally often.
 */
final class Share {

    private static final int HUNDRED = 100;
    private static final int STEP = 61;
    private static final int TEN = 10;

    private final int percent;
    private final AtomicLong asked = new AtomicLong();

    /** @param percent 0 to 100 */
    Share(int percent) {
        this.percent = percent;
    }

    int percent() {
        return percent;
    }

    boolean picks() {
        long number = asked.getAndIncrement();
        long hundreds = number / HUNDRED;
        return (number % HUNDRED * STEP + hundreds * TEN + hundreds / TEN) % HUNDRED < percent;
    }
}
