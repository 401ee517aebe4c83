package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.deployment.Deadline;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pulls a leash when time is up, until it is closed. It stands still while a person is waited for. */
final class Limit implements Deadline, AutoCloseable {

    private final Leash leash;
    private final Optional<Duration> limit;
    private final Alarms alarms;

    // Guarded by this. There is an alarm while time goes by, and something left while it stands still.
    private Alarms.@Nullable Alarm alarm;
    private @Nullable Duration left;
    private long stoodSince;
    private Duration waited = Duration.ZERO;

    private Limit(Leash leash, Optional<Duration> limit, Alarms alarms) {
        this.leash = leash;
        this.limit = limit;
        this.alarms = alarms;
    }

    static Limit on(Leash leash, Optional<Duration> limit, Alarms alarms) {
        return on(leash, limit, limit, alarms);
    }

    /** @param left of the limit, some of which may have been used before */
    static Limit on(Leash leash, Optional<Duration> limit, Optional<Duration> left, Alarms alarms) {
        Limit running = new Limit(leash, limit, alarms);
        left.ifPresent(running::run);
        return running;
    }

    private synchronized void run(Duration time) {
        left = null;
        alarm = alarms.after(time, this::pull);
    }

    private void pull() {
        limit.ifPresent(time -> leash.pull(new Stop.TimedOut(time, waited())));
    }

    private synchronized Duration waited() {
        return waited;
    }

    @Override
    public synchronized void standStill() {
        if (alarm == null) {
            return;
        }
        Duration rest = alarm.left();
        if (rest.isNegative() || rest.isZero()) {
            // Time is up: the leash is pulled, or is just about to be.
            return;
        }
        alarm.close();
        alarm = null;
        left = rest;
        stoodSince = alarms.nanos();
    }

    @Override
    public synchronized void goOn() {
        if (left != null) {
            waited = waited.plusNanos(alarms.nanos() - stoodSince);
            run(left);
        }
    }

    @Override
    public synchronized void close() {
        if (alarm != null) {
            alarm.close();
        }
        alarm = null;
        left = null;
    }
}
