package dev.nonevent.pipeline.bluegreen.nginx;

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
 * nginx, on Linux. A switch is a reload: <em>no connection is refused, but a request on a connection that is used again can be
 * lost</em>, see {@code docs/nginx.md}; the router and HAProxy lose none.
 *
 * <pre>{@code
 * NginxSwitcher.nginx(8000)
 * NginxSwitcher.attachedTo(Path.of("/etc/nginx/nonevent/shop.conf"), Path.of("/var/log/nginx/nonevent-shop.log"), URI.create("http://shop.example"))
 * }</pre>
 *
 * <p>A switch returns when new workers answer and old ones take no more connections. Counts begin where the application was
 * taken in. What is in flight is seen by the connections of nginx's processes, so whoever deploys is root or the user of its
 * workers, on its machine.
 */
public final class NginxSwitcher implements TrafficSwitcher {

    private static final Set<Capability> CAPABILITIES = Set.of(Capability.COUNTS, Capability.WEIGHTS);

    private final Kind kind;

    private NginxSwitcher(Kind kind) {
        this.kind = kind;
    }

    /** Whose nginx it is. */
    sealed interface Kind permits Attached, Managed {
        String description();

        List<String> problems();

        Traffic open(String application, Path home, Set<Capability> capabilities) throws InterruptedException;

        Optional<Traffic> find(String application, Path home, Set<Capability> capabilities);
    }

    /**
     * An nginx of the application's own: processes in its home, as the user of the deployer, which they outlive.
     *
     * @param port on 127.0.0.1: 1 to 65535, or 0 for any free one, picked at the first start and kept in the home
     */
    public static NginxSwitcher nginx(int port) {
        return new NginxSwitcher(new Managed(port, TimeSource.system()));
    }

    /**
     * The nginx you have, with the few lines of {@code docs/nginx.md} in its configuration.
     *
     * @param include the file that its configuration includes, in a directory that this user may write
     * @param log where its {@code access_log} in our format goes
     * @param address where users come in
     */
    public static NginxSwitcher attachedTo(Path include, Path log, URI address) {
        return new NginxSwitcher(Attached.of(include, log, address, TimeSource.system()));
    }

    /** How the attached one is tested and reloaded, program first; {@code nginx -t} and {@code nginx -s reload} if not said. */
    public NginxSwitcher commands(List<String> test, List<String> reload) {
        return new NginxSwitcher(kind instanceof Attached attached ? attached.commands(test, reload) : kind);
    }

    /** What our names in the configuration begin with; {@code nonevent} if not said. For a second application. */
    public NginxSwitcher names(String prefix) {
        return new NginxSwitcher(kind instanceof Attached attached ? attached.names(prefix) : kind);
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
    public Traffic open(String application, Path home) throws InterruptedException {
        return kind.open(application, home, CAPABILITIES);
    }

    @Override
    public Optional<Traffic> find(String application, Path home) {
        return kind.find(application, home, CAPABILITIES);
    }
}
