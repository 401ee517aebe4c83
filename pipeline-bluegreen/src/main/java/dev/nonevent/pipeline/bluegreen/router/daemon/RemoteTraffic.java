package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Ask;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Identity;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Reply;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Verb;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The line to the daemon of one home. Each call is a connection of its own, so nothing is held between calls. */
public final class RemoteTraffic implements Traffic {

    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration ENDING = Duration.ofSeconds(2);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final TimeSource time = TimeSource.system();
    private final Path home;
    private final String application;
    private final Duration patience;

    /** @param patience how long an answer may take, a drain's deadline not included */
    public RemoteTraffic(Path home, String application, Duration patience) {
        this.home = home;
        this.application = application;
        this.patience = patience;
    }

    /**
     * Whether a daemon answers.
     *
     * @throws TrafficUnknownException if one is there and does not answer, or not for this application
     */
    public boolean answers() {
        return undisturbed(Ask.of(application, Verb.ROUTE)).isPresent();
    }

    /**
     * The router that answers now, if one does.
     *
     * @throws TrafficUnknownException if one is there and does not answer, or not for this application
     */
    public Optional<Found> found() {
        return undisturbed(Ask.of(application, Verb.ROUTE)).map(reply -> {
            Identity identity = reply.identity().orElseThrow(() -> silent(null));
            URI address = reply.address().orElseThrow(() -> silent(null));
            return new Found(identity, address, routeOf(reply));
        });
    }

    /** A router that answers. */
    public record Found(Identity identity, URI address, Route route) {

        /** Whether another one would be the same program, set up in the same way. */
        public boolean fits(String program, Settings settings) {
            return identity.fits(program, settings);
        }

        public String bind() {
            return identity.bind();
        }
    }

    @Override
    public Route route() {
        return routeOf(done(Ask.of(application, Verb.ROUTE)));
    }

    @Override
    public Route raiseFence(long fence) {
        return routeOf(done(Ask.of(application, Verb.RAISE_FENCE).fence(fence)));
    }

    @Override
    public Route switchTo(Routing routing, long fence) {
        return routeOf(done(Ask.of(application, Verb.SWITCH).fence(fence).routing(routing)));
    }

    @Override
    public List<Counts> counts() {
        return done(Ask.of(application, Verb.COUNTS)).counts();
    }

    @Override
    public Drained drain(String deployment, Duration deadline) throws InterruptedException {
        Ask ask = Ask.of(application, Verb.DRAIN).drain(deployment, deadline);
        try {
            return said(ask(ask, deadline.plus(patience))).drained().orElseThrow(() -> silent(null));
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while " + deployment + " was drained");
            }
            throw silent(e);
        }
    }

    @Override
    public URI address() {
        return done(Ask.of(application, Verb.ROUTE)).address().orElseThrow(() -> silent(null));
    }

    @Override
    public Optional<URI> preview() {
        return done(Ask.of(application, Verb.ROUTE)).preview();
    }

    @Override
    public void shutDown(long fence) {
        // Nobody there any more is what was asked for.
        undisturbed(Ask.of(application, Verb.SHUT_DOWN).fence(fence));
        DaemonProcess.awaitEnd(home);
    }

    @Override
    public void close() {
        // nothing is open between calls
    }

    private Route routeOf(Reply reply) {
        return reply.route().orElseThrow(() -> silent(null));
    }

    private Reply done(Ask ask) {
        return said(undisturbed(ask));
    }

    private Reply said(Optional<Reply> reply) {
        return reply.orElseThrow(() -> {
            refuseIfLost();
            return new TrafficUnknownException(
                    "no router answers for " + home + ": it has ended, so users get no answer; open it again");
        });
    }

    /**
     * Where nobody answers.
     *
     * @throws TrafficUnknownException if a router goes on whose home was removed
     */
    public void refuseIfLost() {
        DaemonProcess.lost(home).ifPresent(pid -> {
            throw new TrafficUnknownException("the home of the router of " + application + ", " + home
                    + ", was removed or moved while it runs: its users are served as before, and nobody can switch it;"
                    + " put the home back where it was, or end process " + pid + " and open the router anew");
        });
    }

    /**
     * An interrupt breaks the line in the middle of a word, and so does a daemon that is just ending; and then nobody knows
     * what was heard. So it is said again, which changes nothing if it was: to a daemon that ends, until it is gone or
     * another one is there. An interrupt is kept for the caller.
     */
    private Optional<Reply> undisturbed(Ask ask) {
        boolean interrupted = false;
        long until = time.nanos() + ENDING.toNanos();
        try {
            while (true) {
                try {
                    return ask(ask, patience);
                } catch (IOException e) {
                    boolean disturbed = Thread.interrupted();
                    interrupted |= disturbed;
                    if (!disturbed && (e instanceof SocketTimeoutException || until - time.nanos() < 0)) {
                        throw silent(e);
                    }
                }
                try {
                    time.sleep(LOOK_AGAIN);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Empty if nobody listens. */
    private Optional<Reply> ask(Ask ask, Duration limit) throws IOException {
        Optional<UnixDomainSocketAddress> socket = new ControlPath(home).existing();
        if (socket.isEmpty()) {
            return Optional.empty();
        }
        try (Wire wire = new Wire(SocketChannel.open(socket.get()))) {
            wire.write(Control.write(ask), patience);
            return Optional.of(checked(ask, Control.reply(wire.read(limit))));
        } catch (ConnectException e) {
            return Optional.empty();
        }
    }

    private static Reply checked(Ask ask, Reply reply) {
        return switch (reply.kind()) {
            case DONE -> reply;
            case STALE -> throw new StaleFenceException(ask.fence(), reply.seen());
            case REFUSED -> throw new IllegalArgumentException(reply.sentence());
            case UNKNOWN -> throw new TrafficUnknownException(reply.sentence());
        };
    }

    private TrafficUnknownException silent(@Nullable Throwable cause) {
        String sentence = "the router of " + home + " is there and does not answer"
                + (cause == null ? "" : " (" + cause.getMessage() + ")")
                + ": nobody knows where traffic is; look into router.log there";
        return cause == null ? new TrafficUnknownException(sentence) : new TrafficUnknownException(sentence, cause);
    }
}
