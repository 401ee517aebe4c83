package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.work.Trigger;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * More output than there is memory, through a whole run with twenty secrets in a JVM of 64 MiB. In full size, 2 GiB and one
 * line of 500 MB, with {@code -Dproofs=whole}.
 */
@Timeout(600)
class OutputFloodTest {

    private static final boolean WHOLE = "whole".equals(System.getProperty("proofs"));
    private static final long MIB = 1 << 20;

    @TempDir
    Path home;

    @Test
    void manyLinesArriveCompleteInAHeapThatCouldNotHoldThem() throws Exception {
        long bytes = WHOLE ? 2048 * MIB : 72 * MIB;

        String told = flood("yes 'a line of some length, as tools print it, number 12345678' | head -c " + bytes);

        assertThat(told).isEqualTo("passed, " + bytes + " bytes in the log, all of them told, no secret");
    }

    @Test
    void oneEndlessLineArrivesCompleteInAHeapThatCouldNotHoldIt() throws Exception {
        long bytes = WHOLE ? 500_000_000 : 72_000_000;

        String told = flood("head -c " + bytes + " /dev/zero | tr '\\0' x");

        assertThat(told).isEqualTo("passed, " + bytes + " bytes in the log, all of them told, no secret");
    }

    @Test
    void aLineThatIsNothingButSecretsArrivesMasked() throws Exception {
        int times = WHOLE ? 20_000_000 : 1_000_000;

        String told = flood("yes \"$S7\" | head -n " + times + " | tr -d '\\n'");

        long bytes = (long) times * "***s7***".length();
        assertThat(told).isEqualTo("passed, " + bytes + " bytes in the log, all of them told, no secret");
    }

    private String flood(String script) throws IOException, InterruptedException {
        Path told = home.resolve("told");
        Process run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Flooded.class.getName(),
                        home.toString(),
                        script)
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        try {
            assertThat(run.waitFor(9, TimeUnit.MINUTES)).isTrue();
            return Files.readString(told).strip();
        } finally {
            run.destroyForcibly();
        }
    }

    /** One run in a JVM of its own, which says what has arrived. */
    static final class Flooded {

        private static final Map<String, String> VALUES = IntStream.range(0, 20)
                .boxed()
                .collect(Collectors.toMap(i -> "S" + i, i -> "secret-value-number-" + i + "-Xq"));

        private Flooded() {}

        public static void main(String[] args) throws Exception {
            AtomicLong told = new AtomicLong();
            AtomicLong leaks = new AtomicLong();
            RunResult result = PipelineRunner.in(Path.of(args[0], "home"))
                    .executor(LocalExecutor.local().mostOutput(3L << 30))
                    .secrets(SecretSource.environment(VALUES))
                    .listener(event -> {
                        if (event instanceof RunEvent.StageOutput output
                                && !output.line().startsWith("$ ")) {
                            told.addAndGet(output.line().length());
                            leaks.addAndGet(output.line().contains("value-number") ? 1 : 0);
                        }
                    })
                    .run(plan(args[1]), RunRequest.of(Trigger.manual()));
            Path log = Path.of(args[0], "home", "runs", result.id(), "logs", "flood.log");
            long[] kept = keptIn(log);
            System.out.println(result.outcome().word() + ", " + kept[0] + " bytes in the log, "
                    + (kept[1] == told.get() ? "all of them told" : told + " of " + kept[1] + " told") + ", "
                    + (leaks.get() == 0 ? "no secret" : leaks + " secrets"));
        }

        private static Plan plan(String script) {
            return Plan.of(Pipeline.define("flood", p -> {
                List<Secret> secrets =
                        IntStream.range(0, 20).mapToObj(i -> p.secret("s" + i)).toList();
                p.stage("flood")
                        .env("S7", secrets.get(7))
                        .run(ctx -> ctx.exec("sh", "-c", script).exitCode());
            }));
        }

        /** The bytes after our own first line, and how many of them are no line ends. */
        private static long[] keptIn(Path log) throws IOException {
            long all = 0;
            long inLines = 0;
            try (BufferedInputStream in = new BufferedInputStream(Files.newInputStream(log), 1 << 16)) {
                for (int first = in.read(); first != '\n'; first = in.read()) {
                    assertThat(first).isNotNegative();
                }
                for (int next = in.read(); next >= 0; next = in.read()) {
                    all++;
                    inLines += next == '\n' ? 0 : 1;
                }
            }
            return new long[] {all, inLines};
        }
    }
}
