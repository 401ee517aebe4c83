package dev.nonevent.pipeline.run;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pulls a leash when time is up, until it is closed. */
final class Limit implements AutoCloseable {

    private final Alarms.@Nullable Alarm alarm;

    private Limit(Alarms.@Nullable Alarm alarm) {
        this.alarm = alarm;
    }

    static Limit on(Leash leash, Optional<Duration> limit, Alarms alarms) {
        return limit.map(time -> new Limit(alarms.after(time, () -> leash.pull(new Stop.TimedOut(time)))))
                .orElseGet(() -> new Limit(null));
    }

    @Override
    public void close() {
        if (alarm != null) {
            alarm.close();
        }
    }
}
