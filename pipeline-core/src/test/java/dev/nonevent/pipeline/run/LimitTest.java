package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LimitTest {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private final HandClock clock = new HandClock();
    private final Alarms alarms = new Alarms(clock, "limit-test");
    private final Leash leash = new Leash();
    private final Limit limit = Limit.on(leash, Optional.of(TEN_MINUTES), alarms);

    @AfterEach
    void end() throws InterruptedException {
        alarms.close();
        alarms.join();
    }

    @Test
    void timeIsUpWhenItIsUp() throws Exception {
        goBy(TEN_MINUTES);

        assertThat(leash.end()).isEqualTo(new Stop.TimedOut(TEN_MINUTES));
    }

    @Test
    void whileItStandsStillNoTimeGoesBy() throws Exception {
        goBy(Duration.ofMinutes(4));
        limit.standStill();
        goBy(Duration.ofDays(100));
        limit.goOn();
        goBy(Duration.ofMinutes(6).minusNanos(1));

        assertThat(leash.end()).isEqualTo(new Stop.TooLate());
    }

    @Test
    void whatIsLeftIsOverAfterwards() throws Exception {
        goBy(Duration.ofMinutes(4));
        limit.standStill();
        goBy(Duration.ofHours(2));
        limit.goOn();
        goBy(Duration.ofMinutes(6));

        assertThat(leash.end()).isEqualTo(new Stop.TimedOut(TEN_MINUTES, Duration.ofHours(2)));
    }

    @Test
    void severalWaitsAddUpAndWhatIsSaidTwiceIsSaidOnce() throws Exception {
        limit.goOn();
        for (int i = 0; i < 3; i++) {
            goBy(Duration.ofMinutes(3));
            limit.standStill();
            goBy(Duration.ofHours(1));
            limit.standStill();
            goBy(Duration.ofHours(1));
            limit.goOn();
            limit.goOn();
        }
        goBy(Duration.ofMinutes(1));

        assertThat(leash.end()).isEqualTo(new Stop.TimedOut(TEN_MINUTES, Duration.ofHours(6)));
    }

    @Test
    void whoBeginsToWaitWhenTimeIsUpChangesNothing() throws Exception {
        goBy(TEN_MINUTES);
        limit.standStill();
        limit.goOn();

        assertThat(leash.end()).isEqualTo(new Stop.TimedOut(TEN_MINUTES));
    }

    @Test
    void timeThatIsUpIsUpEvenIfNobodyHasCalledYet() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        alarms.after(Duration.ofMinutes(9), () -> {
            busy.countDown();
            awaitQuietly(done);
        });
        clock.advance(Duration.ofMinutes(9));
        assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();

        clock.advance(Duration.ofMinutes(1));
        limit.standStill();
        done.countDown();
        goBy(Duration.ofNanos(1));

        assertThat(leash.end()).isEqualTo(new Stop.TimedOut(TEN_MINUTES));
    }

    @Test
    void whatIsClosedNeverGoesOn() throws Exception {
        limit.standStill();
        limit.close();
        limit.goOn();
        goBy(Duration.ofDays(1));

        assertThat(leash.end()).isEqualTo(new Stop.TooLate());
    }

    @Test
    void withoutALimitThereIsNothingToHold() throws Exception {
        limit.close();
        Limit none = Limit.on(leash, Optional.empty(), alarms);

        none.standStill();
        none.goOn();
        goBy(Duration.ofDays(365));

        assertThat(leash.end()).isEqualTo(new Stop.TooLate());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets time go by, and waits until every alarm that is due has gone off: they go off in their order. */
    private void goBy(Duration duration) throws InterruptedException {
        clock.advance(duration);
        CountDownLatch allGoneOff = new CountDownLatch(1);
        alarms.after(Duration.ZERO, allGoneOff::countDown);
        assertThat(allGoneOff.await(20, TimeUnit.SECONDS)).isTrue();
    }
}
