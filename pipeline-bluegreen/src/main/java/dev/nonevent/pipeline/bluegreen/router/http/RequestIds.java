package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.time.TimeSource;
import java.util.concurrent.atomic.AtomicLong;

/** Names for requests that bring none: the router's start and a number, so no two are equal. */
final class RequestIds {

    private final String prefix;
    private final AtomicLong last = new AtomicLong();

    RequestIds(TimeSource time) {
        prefix = Long.toHexString(time.now().toEpochMilli()) + "-";
    }

    String next() {
        return prefix + Long.toHexString(last.incrementAndGet());
    }
}
