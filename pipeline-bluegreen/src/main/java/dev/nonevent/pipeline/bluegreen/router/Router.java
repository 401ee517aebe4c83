package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.util.List;

/** Our own reverse proxy. */
public final class Router {

    static final String LOOPBACK = "127.0.0.1";

    private static final int HIGHEST_PORT = 65_535;

    private Router() {}

    /**
     * The router inside this JVM, for embedders and tests: <em>it dies with this JVM</em>, and users with it.
     *
     * @param port 1 to 65535, or 0 for any free one, picked at the first start and kept in the home
     */
    public static TrafficSwitcher inThisJvm(int port) {
        return new RouterInThisJvm(port);
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
