package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.http.Transport;
import dev.nonevent.pipeline.bluegreen.router.http.WarmUp;
import dev.nonevent.pipeline.bluegreen.router.switchboard.PrivateFile;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.Slf4JLoggerFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The router as a process of its own, that outlives whoever started it. {@code Router.open} starts it, and so may you, in
 * the home of a router that was opened before:
 *
 * <pre>java -cp … RouterDaemon --home DIR</pre>
 *
 * <p>It ends when it is shut down, or with the sentence why in {@code router.failure} if it cannot start.
 */
public final class RouterDaemon {

    static final String FAILURE = "router.failure";

    private final Path home;
    private final Optional<Path> candidate;
    private final Logbook log;

    private RouterDaemon(Path home, Optional<Path> candidate) {
        this.home = home;
        this.candidate = candidate;
        this.log = new Logbook(home, TimeSource.system());
    }

    public static void main(String[] args) throws Exception {
        // no word of Netty's goes to router.out: clients that misbehave could fill the disk with them
        InternalLoggerFactory.setDefaultFactory(Slf4JLoggerFactory.INSTANCE);
        RouterDaemon daemon = parse(args);
        try {
            daemon.run();
        } catch (HomeTakenException e) {
            // not a failure: somebody was quicker, and who started us will find that one
            daemon.log.say(String.valueOf(e.getMessage()));
        } catch (InfrastructureException e) {
            daemon.leaveWord(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private static RouterDaemon parse(String[] args) {
        boolean takesOver = args.length == 4 && args[2].equals("--settings");
        if ((args.length != 2 && !takesOver) || !args[0].equals("--home")) {
            throw new IllegalArgumentException("the router is started with --home DIR and nothing more");
        }
        Path home = new Home(Path.of(args[1])).directory();
        return new RouterDaemon(home, takesOver ? Optional.of(Path.of(args[3])) : Optional.empty());
    }

    /** With settings of its own it takes over from the router that is at work, if one is. */
    private void run() throws InterruptedException, IOException {
        SettingsFile.Declared declared = declared();
        Optional<Predecessor> former = candidate.isPresent() ? former(declared.application()) : Optional.empty();
        RunningRouter router = former.isPresent()
                ? RunningRouter.succeed(declared.application(), home, declared.settings(), former.get())
                : RunningRouter.start(declared.application(), home, declared.settings(), this::warmUp);
        listen(declared, router, former);
    }

    /** Who answers once this one is warm: meanwhile another one may have been quicker. A line is not silent for so long. */
    private Optional<Predecessor> former(String application) throws IOException {
        Optional<Predecessor> seen = Predecessor.of(home, application);
        if (seen.isEmpty()) {
            return seen;
        }
        seen.get().close();
        warmUp(Route.none());
        return Predecessor.of(home, application);
    }

    /** Whatever can fail is done before the former router is told to go. */
    private void listen(SettingsFile.Declared declared, RunningRouter router, Optional<Predecessor> former)
            throws InterruptedException, IOException {
        ProgramCopy copies = new ProgramCopy(home);
        String program = copies.name(System.getProperty("java.class.path", ""));
        ControlServer control =
                new ControlServer(home, declared.application(), program, router, () -> declare(declared), former, log);
        if (candidate.isPresent()) {
            declare(declared);
        }
        former.ifPresent(Predecessor::taken);
        copies.keepOnly(List.of(program, former.map(Predecessor::program).orElse(program)));
        log.say("the router of " + declared.application() + " listens on " + router.address() + " over "
                + Transport.best().name().toLowerCase(Locale.ROOT) + ", "
                + router.switchboard().route());
        control.listen();
    }

    /** So that a restart brings back this router, and no other. */
    private void declare(SettingsFile.Declared declared) {
        new SettingsFile(home).write(declared);
        try {
            ArgumentFile.write(home, declared.command());
        } catch (IOException e) {
            throw new InfrastructureException(
                    "what the router is started with cannot be kept in " + home + " (" + e.getMessage()
                            + "): make room there",
                    e);
        }
    }

    /** A candidate is read once and then gone: whoever starts us again takes what the home has. */
    private SettingsFile.Declared declared() throws IOException {
        if (candidate.isEmpty()) {
            return new SettingsFile(home).read();
        }
        SettingsFile.Declared declared = new SettingsFile(home, candidate.get()).read();
        Files.delete(candidate.get());
        return declared;
    }

    /** Only where nobody waits for us: users of a router that died are better served cold than not. */
    private void warmUp(Route restored) {
        if (restored.active().isPresent()) {
            return;
        }
        try {
            new WarmUp(TimeSource.system()).run();
        } catch (IOException | InfrastructureException e) {
            log.say("no warm-up, so the first answers will be slow: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leaveWord(String sentence) {
        log.say(sentence);
        try {
            PrivateFile.replace(home.resolve(FAILURE), (sentence + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            log.say("the caller was not told: " + e);
        }
    }
}
