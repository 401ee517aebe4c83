package dev.nonevent.pipeline.bluegreen.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a release behaves in a {@link FakeWorld}; well, unless it is said otherwise. May be changed while it runs. Safe for use
 * by several threads.
 */
public final class FakeRelease {

    private final Object world;

    // Owned by the world's monitor.
    private double errorRate;
    private Duration latency = Duration.ofMillis(20);
    private boolean healthy = true;
    private boolean listens = true;
    private boolean lives = true;
    private Optional<Duration> serves = Optional.empty();
    private List<String> lines = List.of();

    FakeRelease(FakeWorld world) {
        this.world = world;
    }

    /** @param share of users' requests that it answers with 500, evenly: {@code 0.03} is 3 in 100 */
    public FakeRelease fails(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share of failing requests is from 0 to 1, not " + share);
        }
        synchronized (world) {
            errorRate = share;
        }
        return this;
    }

    /** @param time that each of its answers takes; 20 ms if not said */
    public FakeRelease answersIn(Duration time) {
        synchronized (world) {
            latency = time;
        }
        return this;
    }

    /** Its health checks are answered with 503. */
    public FakeRelease isSick() {
        synchronized (world) {
            healthy = false;
        }
        return this;
    }

    /** Its health checks are answered with 200. */
    public FakeRelease isWell() {
        synchronized (world) {
            healthy = true;
        }
        return this;
    }

    /** Its workers cannot be told whether it is their turn. */
    public FakeRelease isDeaf() {
        synchronized (world) {
            listens = false;
        }
        return this;
    }

    /** Its workers can be told again. */
    public FakeRelease listens() {
        synchronized (world) {
            listens = true;
        }
        return this;
    }

    /** Its process ends as soon as it is started. */
    public FakeRelease endsAtOnce() {
        synchronized (world) {
            lives = false;
        }
        return this;
    }

    /** @param time from when it is first given users to the end of its process */
    public FakeRelease diesAfter(Duration time) {
        synchronized (world) {
            serves = Optional.of(time);
        }
        return this;
    }

    /** What its process has printed. */
    public FakeRelease prints(String... text) {
        synchronized (world) {
            lines = List.of(text);
        }
        return this;
    }

    double errorRate() {
        return errorRate;
    }

    Duration latency() {
        return latency;
    }

    boolean healthy() {
        return healthy;
    }

    boolean isListening() {
        return listens;
    }

    boolean lives() {
        return lives;
    }

    Optional<Duration> serves() {
        return serves;
    }

    List<String> lines() {
        return lines;
    }
}
