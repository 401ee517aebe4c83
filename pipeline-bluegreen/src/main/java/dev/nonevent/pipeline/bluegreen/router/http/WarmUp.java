package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Sends a router of its own some requests, so that the classes are loaded and the hottest code is compiled before the
 * first user comes: a cold JVM is several times slower. Takes a limited time, and touches no count of the real router.
 */
public final class WarmUp {

    private static final int REQUESTS = 400;
    private static final long AT_MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final int PATIENCE_MILLIS = 2_000;
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: warm\r\nUser-Agent: warm\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final TimeSource time;

    public WarmUp(TimeSource time) {
        this.time = time;
    }

    public void run() throws IOException, InterruptedException {
        long until = time.nanos() + AT_MOST_NANOS;
        try (ServerSocket instance = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> serve(instance), "warm-up");
            server.setDaemon(true);
            server.start();
            Route route = new Route(Routing.to(target(instance)), 0, 0);
            Switchboard switchboard = new Switchboard(route, ignored -> {}, time);
            try (FrontDoor door = new FrontDoor(switchboard, FrontDoor.LOOPBACK, 0, Limits.usual())) {
                ask(door.address(), until);
            }
        }
    }

    private void ask(URI address, long until) throws IOException {
        try (Socket client = new Socket(address.getHost(), address.getPort())) {
            client.setTcpNoDelay(true);
            client.setSoTimeout(PATIENCE_MILLIS);
            byte[] buffer = new byte[1024];
            for (int i = 0; i < REQUESTS && time.nanos() < until; i++) {
                client.getOutputStream().write(REQUEST);
                // one read is one answer, or the next request waits a little longer: nothing depends on it
                if (client.getInputStream().read(buffer) < 0) {
                    return;
                }
            }
        }
    }

    /** One connection after the other; ends with its listener. */
    private static void serve(ServerSocket instance) {
        byte[] answer = ANSWER.getBytes(StandardCharsets.US_ASCII);
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                try (Socket router = instance.accept()) {
                    router.setTcpNoDelay(true);
                    InputStream in = router.getInputStream();
                    while (in.read(buffer) >= 0) {
                        router.getOutputStream().write(answer);
                    }
                }
            }
        } catch (IOException e) {
            // the listener was closed: the warm-up is over
            return;
        }
    }

    private static Target target(ServerSocket instance) {
        return new Target(
                Colour.BLUE, "warm-up", URI.create("http://" + FrontDoor.LOOPBACK + ":" + instance.getLocalPort()));
    }
}
