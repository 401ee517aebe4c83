package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Doubts;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Replica;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Asks doubted targets whether they take a connection, until each has or is in the route no more. Of several replicas one is
 * enough: the router passes over those that take none. It changes no route.
 *
 * <p>The rule: one connection at a time, given up after a second; asked at once, then after 100 milliseconds and after twice
 * as long each time, up to 5 seconds; from a minute on every 30 seconds. The first refusal, the end of that minute and the
 * first connection are said in the log.
 */
final class Probe implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration EAGER = Duration.ofMinutes(1);
    private static final Duration PATIENT_WAIT = Duration.ofSeconds(30);

    private final Doubts doubts;
    private final Consumer<String> say;
    private final TimeSource time;
    private final Thread asker = new Thread(this::askUntilAllIsKnown, "probe");
    private final Set<Target> silent = new HashSet<>();

    Probe(Doubts doubts, Consumer<String> say, TimeSource time) {
        this.doubts = doubts;
        this.say = say;
        this.time = time;
    }

    Probe start() {
        if (!doubts.open().isEmpty()) {
            asker.setDaemon(true);
            asker.start();
        }
        return this;
    }

    /** Asks no more; what is not known stays so. */
    @Override
    public void close() {
        asker.interrupt();
    }

    private void askUntilAllIsKnown() {
        long eagerUntil = time.nanos() + EAGER.toNanos();
        Duration wait = SHORTEST_WAIT;
        try {
            for (Set<Target> open = doubts.open(); !open.isEmpty(); open = doubts.open()) {
                open.forEach(this::ask);
                boolean eager = eagerUntil - time.nanos() > 0;
                if (!eager && wait.compareTo(PATIENT_WAIT) < 0) {
                    sayWhoIsSilent();
                }
                time.sleep(eager ? wait : PATIENT_WAIT);
                Duration twice = wait.multipliedBy(2);
                wait = !eager ? PATIENT_WAIT : twice.compareTo(LONGEST_WAIT) < 0 ? twice : LONGEST_WAIT;
            }
        } catch (InterruptedException e) {
            // closed; the thread ends
            Thread.currentThread().interrupt();
        }
    }

    private void ask(Target target) {
        String problem = "";
        for (URI each : target.addresses()) {
            try {
                connect(each);
                doubts.settle(target);
                say.accept(named(target) + " takes connections: it is trusted again");
                return;
            } catch (IOException e) {
                problem = String.valueOf(e.getMessage());
            }
        }
        if (silent.add(target)) {
            say.accept(named(target) + " takes no connection (" + problem
                    + "): it keeps its place in the route, and no failed request is sent again to it until it does");
        }
    }

    private static void connect(URI where) throws IOException {
        try (Socket socket = new Socket()) {
            InetSocketAddress address = Replica.address(where);
            if (address.isUnresolved()) {
                throw new IOException("no such host: " + address.getHostString());
            }
            socket.connect(address, Math.toIntExact(CONNECT.toMillis()));
        }
    }

    private void sayWhoIsSilent() {
        for (Target target : doubts.open()) {
            say.accept(named(target) + " has taken no connection for " + EAGER.toSeconds()
                    + " s: start it, or deploy; it keeps its place in the route, and is asked every "
                    + PATIENT_WAIT.toSeconds() + " s");
        }
    }

    private static String named(Target target) {
        return target.deployment() + " of the restored route, at " + target.address() + ",";
    }
}
