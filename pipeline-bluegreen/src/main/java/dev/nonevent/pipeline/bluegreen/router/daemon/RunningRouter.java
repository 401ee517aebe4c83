package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.http.Certificates;
import dev.nonevent.pipeline.bluegreen.router.http.FrontDoor;
import dev.nonevent.pipeline.bluegreen.router.http.Limits;
import dev.nonevent.pipeline.bluegreen.router.switchboard.RouteFile;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** A router at work: its lock, its switchboard and its front door. The daemon has one, and so has the form in a JVM. */
public final class RunningRouter implements AutoCloseable {

    private static final String PORT = "port";
    private static final String PREVIEW_PORT = "preview.port";

    private final Switchboard switchboard;
    private final FrontDoor door;
    private final FileLock lock;

    private RunningRouter(Switchboard switchboard, FrontDoor door, FileLock lock) {
        this.switchboard = switchboard;
        this.door = door;
        this.lock = lock;
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
        FileLock lock = home.lock().orElseThrow(() -> new HomeTakenException(home.directory()));
        try {
            RouteFile memory = new RouteFile(home.directory(), application);
            Route restored = memory.restore();
            beforeListening.accept(restored);
            Switchboard switchboard = new Switchboard(restored, memory, TimeSource.system());
            FrontDoor door = new FrontDoor(
                    switchboard,
                    settings.bind(),
                    wanted(settings.port(), home, PORT),
                    Limits.usual(),
                    certificates(settings, home.directory()));
            switchboard.whenClosed(door::forget);
            if (settings.preview().isPresent()) {
                door.openAlso(switchboard.preview(), wanted(settings.preview().get(), home, PREVIEW_PORT));
            }
            keepPorts(settings, home, door);
            return new RunningRouter(switchboard, door, lock);
        } catch (RuntimeException | InterruptedException e) {
            release(lock);
            throw e;
        }
    }

    private static int wanted(int port, Home home, String name) {
        return port == 0 ? home.keptPort(name) : port;
    }

    private static void keepPorts(Settings settings, Home home, FrontDoor door) {
        if (settings.port() == 0) {
            home.keepPort(PORT, door.address().getPort());
        }
        if (settings.preview().equals(Optional.of(0))) {
            door.otherAddress().ifPresent(preview -> home.keepPort(PREVIEW_PORT, preview.getPort()));
        }
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

    @Override
    public void close() {
        door.close();
        release(lock);
    }

    private static Optional<Certificates> certificates(Settings settings, Path home) {
        TimeSource time = TimeSource.system();
        return settings.tls()
                .map(files -> new Certificates(files.chain(), files.key(), time, new Logbook(home, time)::say));
    }

    private static void release(FileLock lock) {
        try {
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new InfrastructureException("the router could not give up its lock", e);
        }
    }
}
