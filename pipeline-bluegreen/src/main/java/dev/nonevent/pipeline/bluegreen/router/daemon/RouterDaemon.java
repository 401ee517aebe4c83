package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.http.Transport;
import dev.nonevent.pipeline.bluegreen.router.http.WarmUp;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

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
    private final Logbook log;

    private RouterDaemon(Path home) {
        this.home = home;
        this.log = new Logbook(home, TimeSource.system());
    }

    public static void main(String[] args) throws Exception {
        RouterDaemon daemon = new RouterDaemon(home(args));
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

    private static Path home(String[] args) {
        if (args.length != 2 || !args[0].equals("--home")) {
            throw new IllegalArgumentException("the router is started with --home DIR and nothing more");
        }
        return new Home(Path.of(args[1])).directory();
    }

    private void run() throws InterruptedException, IOException {
        SettingsFile.Declared declared = new SettingsFile(home).read();
        RunningRouter router = RunningRouter.start(declared.application(), home, declared.settings(), this::warmUp);
        new ProgramCopy(home).keepOnly(System.getProperty("java.class.path", ""));
        ControlServer control = new ControlServer(home, declared.application(), router, log);
        log.say("the router of " + declared.application() + " listens on " + router.address() + " over "
                + Transport.best().name().toLowerCase(Locale.ROOT) + ", "
                + router.switchboard().route());
        control.listen();
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
            Files.writeString(home.resolve(FAILURE), sentence + "\n");
        } catch (IOException e) {
            log.say("the caller was not told: " + e);
        }
    }
}
