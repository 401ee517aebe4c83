package dev.nonevent.pipeline.bluegreen.haproxy;

import dev.nonevent.pipeline.bluegreen.proxy.Undisturbed;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * HAProxy 2.4 or newer. A switch changes its memory over its admin socket and needs no reload: no request is lost.
 *
 * <pre>{@code
 * HaproxySwitcher.haproxy(8000)
 * HaproxySwitcher.attachedTo(Path.of("/run/haproxy/admin.sock"), Path.of("/etc/haproxy/shop/route.map"), URI.create("http://shop.example"))
 * }</pre>
 *
 * <p>The route is written into the map's file first, so HAProxy starts with it, also without a deployer. Counts begin where
 * the application was taken in, and lack only what a process of HAProxy answered between the last look and its end. When the first
 * failure happened is told by when it was seen. Requests that a reload has left to an old process of HAProxy are not seen.
 */
public final class HaproxySwitcher implements TrafficSwitcher {

    private static final Set<Capability> CAPABILITIES = Set.of(Capability.COUNTS, Capability.WEIGHTS);

    private final Kind kind;

    private HaproxySwitcher(Kind kind) {
        this.kind = kind;
    }

    /** Whose HAProxy it is. */
    sealed interface Kind permits Attached, Managed {
        String description();

        List<String> problems();

        Traffic open(String application, Path home, Set<Capability> capabilities) throws InterruptedException;

        Optional<Traffic> find(String application, Path home, Set<Capability> capabilities);
    }

    /**
     * An HAProxy of the application's own: a process in its home, as the user of the deployer, which outlives it.
     *
     * @param port on 127.0.0.1: 1 to 65535, or 0 for any free one, picked at the first start and kept in the home
     */
    public static HaproxySwitcher haproxy(int port) {
        return new HaproxySwitcher(new Managed(port, TimeSource.system()));
    }

    /**
     * The HAProxy you have, with the few lines of {@code docs/haproxy.md} in its configuration; the servers are in backend
     * {@code nonevent}, unless {@link #backend} says otherwise.
     *
     * @param adminSocket its {@code stats socket}, of level admin
     * @param map the file that its configuration reads as a map, named as there, in a directory that this user may write
     * @param address where users come in
     */
    public static HaproxySwitcher attachedTo(Path adminSocket, Path map, URI address) {
        return new HaproxySwitcher(new Attached(adminSocket, map, "nonevent", address, TimeSource.system()));
    }

    /** The name of the backend with the sides; for a second application behind the same HAProxy. */
    public HaproxySwitcher backend(String name) {
        return new HaproxySwitcher(kind instanceof Attached attached ? attached.backend(name) : kind);
    }

    @Override
    public String description() {
        return kind.description();
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public List<String> problems() {
        return kind.problems();
    }

    @Override
    public Traffic open(String application, Path home) {
        return Undisturbed.run(() -> kind.open(application, home, CAPABILITIES));
    }

    @Override
    public Optional<Traffic> find(String application, Path home) {
        return Undisturbed.run(() -> kind.find(application, home, CAPABILITIES));
    }
}
