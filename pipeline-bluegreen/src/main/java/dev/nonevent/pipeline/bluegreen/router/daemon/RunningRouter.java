package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.http.Certificates;
import dev.nonevent.pipeline.bluegreen.router.http.FrontDoor;
import dev.nonevent.pipeline.bluegreen.router.http.Inherited;
import dev.nonevent.pipeline.bluegreen.router.http.Limits;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Doubts;
import dev.nonevent.pipeline.bluegreen.router.switchboard.RouteFile;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.router.watch.Watch;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import io.netty.channel.unix.FileDescriptor;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A router at work: its lock, its switchboard and its doors. The daemon has one, and so has the form in a JVM. */
public final class RunningRouter implements AutoCloseable {

    private static final String PORT = "port";
    private static final String PREVIEW_PORT = "preview.port";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Home home;
    private final Settings settings;
    private final Switchboard switchboard;
    private final FrontDoor door;
    private final Watch watch;
    private final RouteFile memory;
    private final Logbook log;
    private volatile Probe probe;

    // under the lock of this: empty while another router may take it
    private Optional<HomeLock> lock;

    private RunningRouter(
            String application,
            Home home,
            Settings settings,
            HomeLock lock,
            Switchboard switchboard,
            Inherited inherited)
            throws InterruptedException {
        this.home = home;
        this.settings = settings;
        this.lock = Optional.of(lock);
        this.switchboard = switchboard;
        switchboard.desk().trust(settings.networks());
        this.memory = new RouteFile(home.directory(), application);
        this.log = new Logbook(home.directory(), TimeSource.system());
        Doubts doubts = switchboard.doubtAll();
        this.door = new FrontDoor(
                switchboard,
                settings.bind(),
                wanted(settings.port(), PORT),
                settings.limits().over(Limits.usual()),
                certificates(settings, home.directory()),
                inherited);
        switchboard.whenClosed(door::forget);
        if (settings.preview().isPresent()) {
            door.openAlso(switchboard.preview(), wanted(settings.preview().get(), PREVIEW_PORT), inherited);
        }
        keepPorts();
        this.watch = watch(application);
        this.probe =
                new Probe(doubts, new Logbook(home.directory(), TimeSource.system())::say, TimeSource.system()).start();
    }

    /** Users are let in no more if what was to be watched cannot be. */
    private Watch watch(String application) throws InterruptedException {
        boolean watched = false;
        try {
            Watch.Connections connections = new Watch.Connections(door::connections, door::turnedAway);
            Watch watch = Watch.over(application, switchboard, connections, settings.watched(), log::say);
            watched = true;
            return watch;
        } finally {
            if (!watched) {
                door.close();
            }
        }
    }

    private int wanted(int port, String name) {
        return port == 0 ? home.keptPort(name) : port;
    }

    private void keepPorts() {
        if (settings.port() == 0) {
            home.keepPort(PORT, door.address().getPort());
        }
        if (settings.preview().equals(Optional.of(0))) {
            door.otherAddress().ifPresent(preview -> home.keepPort(PREVIEW_PORT, preview.getPort()));
        }
    }

    /**
     * Takes up the last route and listens.
     *
     * @param beforeListening runs once the route is known
     */
    public static RunningRouter start(
            String application, Path directory, Settings settings, Consumer<Route> beforeListening)
            throws InterruptedException {
        Home home = new Home(directory);
        home.prepare();
        HomeLock lock = HomeLock.take(home.directory()).orElseThrow(() -> new HomeTakenException(home.directory()));
        return unlockedIfItFails(lock, () -> {
            RouteFile memory = new RouteFile(home.directory(), application);
            Route restored = memory.restore();
            beforeListening.accept(restored);
            Switchboard switchboard = new Switchboard(restored, memory, TimeSource.system());
            return new RunningRouter(application, home, settings, lock, switchboard, Inherited.none());
        });
    }

    /**
     * Goes on where another router stands, with its route and, where that can be, its sockets. Both listen when it
     * returns, unless the other one had to let go.
     */
    static RunningRouter succeed(String application, Path directory, Settings settings, Predecessor former)
            throws InterruptedException {
        Home home = new Home(directory);
        Predecessor.Estate estate = former.handOver();
        HomeLock lock = former.awaitLock();
        return unlockedIfItFails(lock, () -> {
            RouteFile memory = new RouteFile(home.directory(), application);
            if (!memory.holds(estate.route())) {
                memory.keep(estate.route());
            }
            Switchboard switchboard = new Switchboard(estate.route(), memory, TimeSource.system());
            RunningRouter router =
                    new RunningRouter(application, home, settings, lock, switchboard, estate.inherited());
            estate.inherited().closeTheRest();
            return router;
        });
    }

    /**
     * Puts up a routing, if this router can carry it out.
     *
     * @throws IllegalArgumentException if it cannot, saying why
     */
    public Route switchTo(Routing routing, long fence) {
        if (routing.preview().isPresent() && preview().isEmpty()) {
            throw new IllegalArgumentException("the router has no address for a preview of "
                    + routing.preview().get().deployment() + ": declare one with preview(8001) and start it anew");
        }
        return switchboard.switchTo(routing, fence);
    }

    public Switchboard switchboard() {
        return switchboard;
    }

    public URI address() {
        return door.address();
    }

    /** Where {@link Routing#preview} is reached. */
    public Optional<URI> preview() {
        return door.otherAddress();
    }

    Settings settings() {
        return settings;
    }

    /** What another process may listen with in our place. */
    List<FileDescriptor> listeners() {
        return door.listeners();
    }

    /** Another router may have the home from here on; this one serves on, and must write nothing. */
    synchronized void giveLock() {
        lock.ifPresent(HomeLock::close);
        lock = Optional.empty();
    }

    /** Whether the home is ours again. */
    synchronized boolean takeLock() {
        if (lock.isEmpty()) {
            lock = HomeLock.take(home.directory());
        }
        return lock.isPresent();
    }

    void stopListening() {
        door.stopListening();
    }

    /** Where it was, as soon as that can be: the sockets of one that died may outlive its lock for a moment. */
    void listenAgain() throws InterruptedException {
        boolean said = false;
        while (true) {
            try {
                door.listenAgain();
                return;
            } catch (InfrastructureException e) {
                if (!said) {
                    log.say(e.getMessage() + "; it is tried again until then");
                }
                said = true;
                TimeSource.system().sleep(LOOK_AGAIN);
            }
        }
    }

    /** From the return on no new request is taken, from anybody; see {@link FrontDoor#leave}. */
    boolean leave(Duration grace, BooleanSupplier meant) throws InterruptedException {
        watch.hide();
        return door.leave(grace, meant);
    }

    /** What a restart would bring back. */
    Route kept() {
        return memory.restore();
    }

    /** Serves again after it had left, with what is kept; by who has the lock. */
    void comeBack() throws InterruptedException {
        Route kept = kept();
        boolean another = !switchboard.route().equals(kept);
        switchboard.resume(kept);
        if (another) {
            probe.close();
            probe = new Probe(switchboard.doubtAll(), log::say, TimeSource.system()).start();
        }
        listenAgain();
        watch.show();
    }

    /** Waits until no client is connected any more, at most so long. */
    void awaitEmpty(Duration limit) throws InterruptedException {
        door.awaitEmpty(limit);
    }

    @Override
    public void close() {
        probe.close();
        door.close();
        watch.close();
        giveLock();
    }

    private static Optional<Certificates> certificates(Settings settings, Path home) {
        TimeSource time = TimeSource.system();
        return settings.tls()
                .map(files -> new Certificates(files.chain(), files.key(), time, new Logbook(home, time)::say));
    }

    private interface Making {
        RunningRouter make() throws InterruptedException;
    }

    private static RunningRouter unlockedIfItFails(HomeLock lock, Making making) throws InterruptedException {
        boolean made = false;
        try {
            RunningRouter router = making.make();
            made = true;
            return router;
        } finally {
            if (!made) {
                lock.close();
            }
        }
    }
}
