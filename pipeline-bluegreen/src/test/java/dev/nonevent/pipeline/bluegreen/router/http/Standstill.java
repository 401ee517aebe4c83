package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Waits until a number that grew has not grown for half a second. */
final class Standstill {

    private Standstill() {}

    static void of(AtomicLong value) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (long seen = -1; seen != value.get() || seen == 0; ) {
            seen = value.get();
            assertThat(never.await(500, TimeUnit.MILLISECONDS)).isFalse();
        }
    }
}
