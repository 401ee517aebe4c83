package dev.nonevent.pipeline.docker.swarm;

import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** The machine's time, in which patience ends thirty times as soon. */
final class HurriedTime implements TimeSource {

    @Override
    public Instant now() {
        return TimeSource.system().now();
    }

    @Override
    public long nanos() {
        return 30 * TimeSource.system().nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        TimeSource.system().sleep(duration);
    }
}
