package dev.nonevent.pipeline.bluegreen.proxy;

import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The line to a proxy that somebody else wrote. What it is to go by is in its file first, and then in the running proxy; where
 * the two differ, nobody knows where traffic is until the next {@link #raiseFence} or {@link #switchTo} has made them agree.
 *
 * <p>The fence is guarded here, by a lock beside the file: whoever changes the proxy behind our back is not refused, but found
 * out by the next call. Safe for use by several threads and processes of one machine.
 */
public final class ProxyTraffic implements Traffic {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyTraffic.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);
    private static final Duration CUT_PATIENCE = Duration.ofSeconds(5);

    private final Proxy proxy;
    private final URI address;
    private final Set<Capability> capabilities;
    private final LayoutFile file;
    private final PageFile page;
    private final Turn turn;
    private final TimeSource time;

    /**
     * @param file that the proxy reads when it starts; the lock is beside it
     * @param home where the counts are kept
     */
    public ProxyTraffic(
            String application,
            Proxy proxy,
            Path file,
            Path home,
            URI address,
            Set<Capability> capabilities,
            TimeSource time) {
        this.proxy = proxy;
        this.address = address;
        this.capabilities = Set.copyOf(capabilities);
        this.file = new LayoutFile(file, application);
        this.page = new PageFile(home.resolve("counts.json"));
        this.turn = new Turn(file.resolveSibling(file.getFileName() + ".lock"), time);
        this.time = time;
    }

    /** Work that needs the layout to stay as it is until it is done. */
    private interface Change {
        Layout to(Layout now) throws InterruptedException;
    }

    /**
     * Takes the application in, and says so in the file; one that is taken in already stays as it is.
     *
     * @param start makes sure that the proxy runs, once the file is there
     */
    public void open(Undisturbed.Work<Boolean> start) {
        turn.take(() -> {
            Layout now = known();
            if (now.open()) {
                start.run();
                return counted(now);
            }
            String former = file.text();
            Layout open = now.opened();
            file.write(open, proxy.file(open));
            if (!start.run()) {
                refuseBroken(former);
                proxy.obey(open);
            }
            return count(open);
        });
    }

    /**
     * Whether the application was taken in and not shut down since.
     *
     * @throws TrafficUnknownException if the file does not say so, and the running proxy does
     */
    public boolean isOpen() {
        return turn.take(() -> known().open());
    }

    /** A file that is gone or empty is a beginning only where nobody is sent anywhere. */
    private Layout known() {
        Optional<Layout> written = file.read();
        Optional<String> way = written.isPresent() ? Optional.empty() : proxy.wayWithoutAFile();
        way.ifPresent(what -> {
            throw new TrafficUnknownException(file.path() + " is missing or was emptied, but " + what
                    + ": put the file back, or restart the proxy without it to begin anew");
        });
        return written.orElseGet(Layout::none);
    }

    @Override
    public Route route() {
        return turn.take(() -> agreed().route());
    }

    @Override
    public Route raiseFence(long fence) {
        return change(fence, now -> now.route().fence() == fence ? now : now.raised(fence));
    }

    @Override
    public Route switchTo(Routing routing, long fence) {
        return change(fence, now -> {
            List<String> problems = Fit.problems(routing, capabilities);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", problems));
            }
            if (now.route().routing().equals(routing)) {
                return now.route().fence() == fence ? now : now.raised(fence);
            }
            counted(now);
            return now.switched(routing, fence, side -> proxy.inFlight(side) > 0);
        });
    }

    @Override
    public List<Counts> counts() {
        if (!capabilities.contains(Capability.COUNTS)) {
            return List.of();
        }
        return turn.take(() -> {
            Layout now = open();
            Page counted = proxy.count(page.read(), now.sides());
            page.write(counted);
            return counted.tallies().stream().map(tally -> counts(tally, now)).toList();
        });
    }

    /** Counts if it can: a bad release is not kept in place by counts that cannot be read. */
    private Layout counted(Layout now) {
        try {
            return count(now);
        } catch (InfrastructureException e) {
            LOG.warn("what was answered before is not in the counts: {}", e.getMessage());
            return now;
        }
    }

    /** Brings the page up to date; who has a side stands on it, with nothing if nothing was answered. */
    private Layout count(Layout now) {
        Page counted = proxy.count(page.read(), now.sides());
        for (Side side : now.sides()) {
            counted = counted.plus(side.target(), 0, 0, time.now());
        }
        page.write(counted);
        return now;
    }

    private Counts counts(Page.Tally tally, Layout now) {
        return new Counts(
                tally.colour(),
                tally.deployment(),
                tally.requests(),
                tally.failed(),
                0,
                now.side(tally.deployment()).map(proxy::inFlight).orElse(0L),
                tally.firstFailedAt(),
                Latencies.none());
    }

    @Override
    public Drained drain(String deployment, Duration deadline) throws InterruptedException {
        Optional<Side> side = turn.take(() -> sideToDrain(deployment));
        return side.isEmpty() ? Drained.nothing() : drain(side.get(), deadline);
    }

    private Optional<Side> sideToDrain(String deployment) {
        Layout now = agreed();
        if (now.served().stream().anyMatch(side -> side.target().deployment().equals(deployment))) {
            throw new IllegalArgumentException(
                    deployment + " is where users are sent: switch to another deployment before draining it");
        }
        return now.side(deployment);
    }

    private Drained drain(Side side, Duration deadline) throws InterruptedException {
        long began = time.nanos();
        long inFlight = inFlight(side);
        awaitNothingInFlight(side, deadline);
        long cut = 0;
        if (inFlight(side) > 0) {
            cut = cut(side);
            awaitNothingInFlight(side, CUT_PATIENCE);
        }
        return new Drained(Math.max(0, inFlight - cut), cut, 0, 0, Duration.ofNanos(time.nanos() - began));
    }

    /** Who is interrupted is not told that nobody knows: the wait for the next look tells. */
    private long inFlight(Side side) {
        return Undisturbed.run(() -> proxy.inFlight(side));
    }

    private long cut(Side side) {
        return turn.take(() -> {
            // meanwhile users may have been sent back there
            if (sideToDrain(side.target().deployment()).filter(side::equals).isEmpty()) {
                return 0L;
            }
            long cut = proxy.cut(side);
            if (!proxy.countsWhatItCuts()) {
                page.write(page.read().plus(side.target(), cut, cut, time.now()));
            }
            return cut;
        });
    }

    /** Two looks: a request that was sent on its way just before the switch may show itself after the first. */
    private void awaitNothingInFlight(Side side, Duration limit) throws InterruptedException {
        long began = time.nanos();
        int looksWithNothing = 0;
        while (looksWithNothing < 2) {
            looksWithNothing = inFlight(side) == 0 ? looksWithNothing + 1 : 0;
            long left = limit.toNanos() - (time.nanos() - began);
            if (left <= 0) {
                return;
            }
            time.sleep(Duration.ofNanos(Math.min(left, LOOK_AGAIN.toNanos())));
        }
    }

    @Override
    public URI address() {
        return address;
    }

    @Override
    public void shutDown(long fence) {
        turn.take(() -> {
            Layout now = known();
            refuseStale(fence, now);
            Layout closed = now.open() ? now.closed(fence) : now;
            file.write(closed, proxy.file(closed));
            proxy.end(closed);
            return closed;
        });
    }

    @Override
    public void close() {
        // nothing is open between calls
    }

    private Route change(long fence, Change change) {
        return turn.take(() -> {
            Layout now = open();
            refuseStale(fence, now);
            long seen = proxy.fence();
            if (fence < seen) {
                throw new StaleFenceException(fence, seen);
            }
            Layout next = change.to(now);
            if (!next.equals(now)) {
                write(next);
            }
            if (!next.equals(now) || proxy.disagreement(next).isPresent()) {
                proxy.obey(next);
            }
            return next.route();
        });
    }

    private void write(Layout next) throws InterruptedException {
        String former = file.text();
        file.write(next, proxy.file(next));
        refuseBroken(former);
    }

    private void refuseBroken(String former) throws InterruptedException {
        Optional<String> complaint = proxy.complaint();
        if (complaint.isPresent()) {
            file.restore(former);
            throw new InfrastructureException(
                    "the proxy would not start with that, so nothing was changed: " + complaint.get());
        }
    }

    private static void refuseStale(long fence, Layout now) {
        if (fence < now.route().fence()) {
            throw new StaleFenceException(fence, now.route().fence());
        }
    }

    private Layout agreed() {
        Layout now = open();
        Optional<String> disagreement = proxy.disagreement(now);
        if (disagreement.isPresent()) {
            throw new TrafficUnknownException("the proxy's file says "
                    + now.route().active().map(target -> target.deployment()).orElse("nowhere") + ", but "
                    + disagreement.get() + ": a switch was cut in the middle, or somebody has changed it;"
                    + " the next switch makes them agree");
        }
        return now;
    }

    private Layout open() {
        return file.read()
                .filter(Layout::open)
                .orElseThrow(() -> new TrafficUnknownException(
                        "nobody serves the application here: its traffic was shut down, or never opened"));
    }
}
