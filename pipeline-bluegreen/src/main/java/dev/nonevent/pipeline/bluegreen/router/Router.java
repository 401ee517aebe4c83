package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.router.daemon.ClassPath;
import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonOptions;
import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.router.daemon.Home;
import dev.nonevent.pipeline.bluegreen.router.daemon.ProgramCopy;
import dev.nonevent.pipeline.bluegreen.router.daemon.RemoteTraffic;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Our own reverse proxy: a process of its own that outlives the deployer, found again by the application's home.
 *
 * <pre>{@code Router.router(8000)}</pre>
 *
 * <p>It listens on 127.0.0.1 unless {@link #bind} says otherwise, speaks HTTP/1.1, and takes WebSockets, TLS and HTTP/2
 * not at all: it says so with 501. Control goes over a unix socket that only its user can open. The route survives its
 * death, and is forgotten when it is shut down; the counts begin anew each time.
 */
public final class Router implements TrafficSwitcher {

    static final String LOOPBACK = "127.0.0.1";

    private static final int HIGHEST_PORT = 65_535;

    private final int port;
    private final String bind;
    private final Optional<String> classPath;

    private Router(int port, String bind, Optional<String> classPath) {
        this.port = port;
        this.bind = bind;
        this.classPath = classPath;
    }

    /**
     * The router as a process of its own.
     *
     * @param port 1 to 65535, or 0 for any free one, picked at the first start and kept in the home
     */
    public static Router router(int port) {
        return new Router(port, LOOPBACK, Optional.empty());
    }

    /**
     * The router inside this JVM, for embedders and tests: <em>it dies with this JVM</em>, and users with it.
     *
     * @param port 1 to 65535, or 0 for any free one, picked at the first start and kept in the home
     */
    public static TrafficSwitcher inThisJvm(int port) {
        return new RouterInThisJvm(port);
    }

    /** Listens there; {@code 0.0.0.0} is every network this machine is in. */
    public Router bind(String address) {
        return new Router(port, address, classPath);
    }

    /** Where the daemon finds this library and what it needs; by default where this JVM has it from. It is copied. */
    public Router classPath(String path) {
        return new Router(port, bind, Optional.of(path));
    }

    @Override
    public String description() {
        return "router on " + portName(port) + (bind.equals(LOOPBACK) ? "" : " of " + bind);
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>(portProblems(port));
        if (!bind.matches("[0-9A-Fa-f.:]+|[A-Za-z0-9.-]+")) {
            problems.add("\"" + bind + "\" is no address to listen on: take 127.0.0.1 or 0.0.0.0");
        }
        return problems;
    }

    @Override
    public Traffic open(String application, Path home) throws InterruptedException {
        Home directory = new Home(home);
        directory.prepare();
        RemoteTraffic traffic = new RemoteTraffic(directory.directory(), application, RemoteTraffic.PATIENCE);
        if (!traffic.answers()) {
            DaemonOptions options = new DaemonOptions(port, bind, directory.directory(), application);
            String program = new ProgramCopy(directory.directory()).of(classPath.orElseGet(ClassPath::ofTheDaemon));
            new DaemonProcess(options, program).start(traffic::answers);
        }
        refuseOtherPort(application, traffic.address());
        return traffic;
    }

    @Override
    public Optional<Traffic> find(String application, Path home) {
        RemoteTraffic traffic = new RemoteTraffic(new Home(home).directory(), application, RemoteTraffic.PATIENCE);
        return traffic.answers() ? Optional.of(traffic) : Optional.empty();
    }

    private void refuseOtherPort(String application, URI address) {
        if (port != 0 && address.getPort() != port) {
            throw new InfrastructureException("the router of " + application + " runs on port " + address.getPort()
                    + ", and port " + port + " is declared: declare " + address.getPort()
                    + ", or shut the running one down first");
        }
    }

    static List<String> portProblems(int port) {
        return port >= 0 && port <= HIGHEST_PORT
                ? List.of()
                : List.of(
                        "port " + port + " is no port: take one from 1 to " + HIGHEST_PORT + ", or 0 for any free one");
    }

    static String portName(int port) {
        return port == 0 ? "any free port" : "port " + port;
    }
}
