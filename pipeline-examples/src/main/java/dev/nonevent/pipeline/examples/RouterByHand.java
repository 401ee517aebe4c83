package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * A router that you tell by hand where its users go: to try it out, or to measure it. It does what each line of its input
 * says, and says how long that took. The router outlives this program, and is found again by its home.
 *
 * <pre>
 * java -cp … RouterByHand HOME PORT
 * to shop-1 http://127.0.0.1:9001
 * to shop-2 http://127.0.0.1:9002
 * drain shop-1
 * counts
 * down
 * </pre>
 */
public final class RouterByHand {

    private static final String APPLICATION = "shop";
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final double NANOS_OF_A_MILLI = 1e6;

    private final Traffic traffic;
    private final PrintStream out;
    private final TimeSource time = TimeSource.system();

    private RouterByHand(Traffic traffic, PrintStream out) {
        this.traffic = traffic;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            throw new IllegalArgumentException("say where its home is and which port it has: HOME PORT");
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        obey(Router.router(Integer.parseInt(args[1])), Path.of(args[0]), lines, System.out);
    }

    /** Returns after {@code down}, or at the end of the lines. */
    static void obey(TrafficSwitcher switcher, Path home, BufferedReader lines, PrintStream out)
            throws IOException, InterruptedException {
        TimeSource time = TimeSource.system();
        long began = time.nanos();
        try (Traffic traffic = switcher.open(APPLICATION, home)) {
            out.println("open " + millis(time.nanos() - began) + " " + traffic.address());
            RouterByHand hand = new RouterByHand(traffic, out);
            String line = lines.readLine();
            while (line != null && hand.obey(line.strip())) {
                line = lines.readLine();
            }
        }
    }

    /** False if that was the last word. */
    private boolean obey(String line) throws InterruptedException {
        String[] words = line.split(" +");
        long began = time.nanos();
        try {
            String done = carryOut(words);
            out.println("done " + millis(time.nanos() - began) + " " + done);
        } catch (RuntimeException e) {
            out.println("refused " + e.getMessage());
        }
        return !words[0].equals("down");
    }

    private String carryOut(String[] words) throws InterruptedException {
        return switch (words[0] + "/" + words.length) {
            case "to/3" -> switchTo(words[1], URI.create(words[2]));
            case "drain/2" -> drain(words[1]);
            case "counts/1" -> counts();
            case "down/1" -> down();
            default -> throw new IllegalArgumentException("say: to NAME URL, drain NAME, counts, or down");
        };
    }

    private String switchTo(String deployment, URI address) {
        Route now = traffic.route();
        Colour colour = now.active().map(Target::colour).orElse(Colour.GREEN).other();
        traffic.switchTo(new Target(colour, deployment, address), now.fence());
        return "users go to " + deployment;
    }

    private String drain(String deployment) throws InterruptedException {
        Drained drained = traffic.drain(deployment, DEADLINE);
        return drained.finished() + " finished, " + drained.cut() + " cut";
    }

    private String counts() {
        StringBuilder said = new StringBuilder();
        for (Counts of : traffic.counts()) {
            said.append(said.length() == 0 ? "" : "; ").append(of.deployment() + " " + of.requests() + " requests, ");
            said.append(of.failed() + " failed, " + of.inFlight() + " in flight");
        }
        return said.length() == 0 ? "nobody was asked yet" : said.toString();
    }

    private String down() throws InterruptedException {
        traffic.shutDown(traffic.route().fence());
        return "nobody answers users any more";
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / NANOS_OF_A_MILLI);
    }
}
