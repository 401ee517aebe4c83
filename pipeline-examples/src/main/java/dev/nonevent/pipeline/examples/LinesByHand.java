package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.run.RunRequest;
import dev.nonevent.pipeline.run.RunResult;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.time.TimeSource;
import dev.nonevent.pipeline.work.Trigger;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Stages that print many lines, measured by hand: through the whole engine with so many secrets, into the log, and to a
 * listener. Each run is answered with its lines in a second, from the start of the run to its end.
 *
 * <pre>
 * java -Xmx64m -cp … LinesByHand HOME LINES SECRETS TIMES
 * java -Xmx64m -cp … LinesByHand /tmp/lines 1000000 20 10
 * done 412.123 ms 1000001 lines 2426471 a second
 * </pre>
 */
public final class LinesByHand {

    private static final double NANOS_OF_A_MILLI = 1e6;

    private LinesByHand() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 4) {
            throw new IllegalArgumentException(
                    "say where it works, how many lines and secrets, and how often: HOME LINES SECRETS TIMES");
        }
        Path home = Path.of(args[0]);
        for (int i = 0; i < Integer.parseInt(args[3]); i++) {
            run(home, Integer.parseInt(args[1]), Integer.parseInt(args[2]), System.out);
        }
    }

    static void run(Path home, int lines, int secrets, PrintStream out) throws InterruptedException {
        TimeSource time = TimeSource.system();
        AtomicLong heard = new AtomicLong();
        long began = time.nanos();
        RunResult result = PipelineRunner.in(home)
                .secrets(SecretSource.environment(values(secrets)))
                .listener(event -> heard.addAndGet(event instanceof RunEvent.StageOutput ? 1 : 0))
                .run(Plan.of(printing(lines, secrets)), RunRequest.of(Trigger.manual()));
        Duration took = Duration.ofNanos(time.nanos() - began);
        if (!result.outcome().hasPassed()) {
            out.println("refused " + result.firstProblem());
            return;
        }
        double millis = took.toNanos() / NANOS_OF_A_MILLI;
        out.println("done " + String.format(Locale.ROOT, "%.3f", millis) + " ms " + heard + " lines "
                + Math.round(heard.get() * 1000 / millis) + " a second");
    }

    private static Pipeline printing(int lines, int secrets) {
        return Pipeline.define("lines", p -> {
            List<Secret> all = IntStream.range(0, secrets)
                    .mapToObj(i -> p.secret("secret-" + i))
                    .toList();
            p.stage("print").run(ctx -> ctx.exec("seq", String.valueOf(lines)).exitCode() + all.size());
        });
    }

    /** As tokens look: 24 letters and digits, always the same. */
    private static Map<String, String> values(int secrets) {
        return IntStream.range(0, secrets)
                .boxed()
                .collect(Collectors.toMap(i -> "SECRET_" + i, (Function<Integer, String>) LinesByHand::token));
    }

    private static String token(int number) {
        long seed = 0x9E3779B97F4A7C15L * (number + 1);
        StringBuilder token = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            seed = seed * 6364136223846793005L + 1442695040888963407L;
            token.append(Character.forDigit((int) (seed >>> 33) % 36 & 31, 36));
        }
        return token.toString();
    }
}
