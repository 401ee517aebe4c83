package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.http.WarmUp;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The router as a process of its own, that outlives whoever started it. {@link Router#open} starts it:
 *
 * <pre>java -cp … RouterDaemon --port 8000 --bind 127.0.0.1 --home DIR --app NAME</pre>
 *
 * <p>It ends when it is shut down, or with the sentence why in {@code router.failure} if it cannot start.
 */
public final class RouterDaemon {

    static final String FAILURE = "router.failure";

    private final DaemonOptions options;
    private final Logbook log;

    private RouterDaemon(DaemonOptions options) {
        this.options = options;
        this.log = new Logbook(options.home(), TimeSource.system());
    }

    public static void main(String[] args) throws Exception {
        RouterDaemon daemon = new RouterDaemon(DaemonOptions.parse(args));
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

    private void run() throws InterruptedException, IOException {
        RunningRouter router = RunningRouter.start(
                options.application(), options.home(), options.bind(), options.port(), this::warmUp);
        new ProgramCopy(options.home()).keepOnly(System.getProperty("java.class.path", ""));
        ControlServer control = new ControlServer(options.home(), options.application(), router, log);
        log.say("the router of " + options.application() + " listens on " + router.address() + ", "
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
            Files.writeString(Path.of(options.home().toString(), FAILURE), sentence + "\n");
        } catch (IOException e) {
            log.say("the caller was not told: " + e);
        }
    }
}
