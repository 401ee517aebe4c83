package dev.nonevent.pipeline.bluegreen.router.watch;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Figures;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Refused;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The metrics and the access log of one router, as far as they were asked for. */
public final class Watch implements AutoCloseable {

    private final House house;
    private final Optional<AccessLog> log;
    private final Wanted wanted;
    private final Consumer<String> say;

    // under the lock of this
    private Optional<MetricsDoor> metrics = Optional.empty();

    private Watch(House house, Optional<AccessLog> log, Wanted wanted, Consumer<String> say) {
        this.house = house;
        this.log = log;
        this.wanted = wanted;
        this.say = say;
    }

    /**
     * @param metrics port on this machine
     * @param accessLog file that is appended to
     */
    public record Wanted(Optional<Integer> metrics, Optional<Path> accessLog) {

        public static Wanted nothing() {
            return new Wanted(Optional.empty(), Optional.empty());
        }
    }

    /**
     * Of clients.
     *
     * @param turnedAway since there was no room for them
     */
    public record Connections(LongSupplier open, LongSupplier turnedAway) {}

    /**
     * Watches from here on.
     *
     * @param connections of clients
     * @param say for the log of the router
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if the access log cannot be written
     */
    public static Watch over(
            String application, Switchboard board, Connections connections, Wanted wanted, Consumer<String> say)
            throws InterruptedException {
        Optional<AccessLog> log = wanted.accessLog().map(AccessLog::in);
        log.ifPresent(board.desk()::tell);
        Watch watch = new Watch(new Known(application, board, connections, log), log, wanted, say);
        watch.show();
        return watch;
    }

    /** Shows metrics, if they are wanted and not shown. */
    public synchronized void show() throws InterruptedException {
        if (wanted.metrics().isPresent() && metrics.isEmpty()) {
            metrics = Optional.of(new MetricsDoor(house, wanted.metrics().get(), say));
        }
    }

    /** Shows metrics no more, so that the next router can. */
    public synchronized void hide() {
        metrics.ifPresent(MetricsDoor::close);
        metrics = Optional.empty();
    }

    @Override
    public void close() {
        hide();
        log.ifPresent(AccessLog::close);
    }

    private record Known(String application, Switchboard board, Connections clients, Optional<AccessLog> log)
            implements House {

        @Override
        public Route route() {
            return board.route();
        }

        @Override
        public long switches() {
            return board.switches();
        }

        @Override
        public List<Figures> figures() {
            return board.figures();
        }

        @Override
        public Map<Target, Boolean> trusted() {
            return board.trusted();
        }

        @Override
        public long held() {
            return board.held();
        }

        @Override
        public long connections() {
            return clients.open().getAsLong();
        }

        @Override
        public long connectionsTurnedAway() {
            return clients.turnedAway().getAsLong();
        }

        @Override
        public Map<Refused, Long> refused() {
            return board.desk().turnedAway();
        }

        @Override
        public long unlogged() {
            return log.map(AccessLog::dropped).orElse(0L);
        }
    }
}
