package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.deployment.Release;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.outcome.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A run in which most things happen: side by side, blocked, skipped, a service, and somebody who means harm. */
final class FullRun {

    static final String SCRIPT = "<script>alert('x')</script><img src=http://evil.example/x onerror=alert(1)>";
    static final String HOSTILE = "<b onclick=x>\"]]>&amp; ::error::x";
    static final int LONG = 64 * 1024;

    private final Path folder;

    FullRun(Path folder) {
        this.folder = folder;
    }

    void tell(RunListener listener) {
        Story story = new Story(listener, folder).gates("unit tests", "integration tests", "security scan");
        story.begins(waits());
        story.starts("checkout").after("0.8S").ends("checkout", new Outcome.Passed("abc1234"), "0.8S");
        story.starts("build").starts("unit tests").starts("security scan").starts(HOSTILE);
        story.prints(HOSTILE, SCRIPT, "\u001b[31mred\u001b[2J \u202egnp.exe\u0000\uFFFE", "y".repeat(LONG));
        story.triesAgain("security scan", 1, Story.blocked("the scanner found 1 of 1 high"), "0.5S");
        story.after("9.1S").ends("security scan", new Outcome.Passed("0 findings of high or worse"), "9.1S");
        story.ends(HOSTILE, new Outcome.Passed(SCRIPT), "9.1S", log("hostile", hostile()));
        IntStream.range(0, 40).forEach(i -> story.prints("build", "Compiling module " + i));
        story.after("39.1S")
                .ends("build", new Outcome.Passed("shop-1.4.0.jar, 18.2 MB"), "48.2S", log("build", compiling()));
        IntStream.range(0, 812).forEach(i -> story.prints("unit tests", testing(i)));
        story.starts("integration tests").after("4S");
        story.ends("unit tests", unitTests(), "52.2S", log("unit-tests", tested()));
        story.says(
                "db", "integration tests", "exited 134", "LOG:  database system is ready", "PANIC:  invalid checksum");
        story.prints("integration tests", "connecting to db", "connection reset");
        story.after("68S")
                .ends(
                        "integration tests",
                        Story.blocked("mvn exited 1", "connection reset"),
                        "1M12S",
                        log("it", List.of("connecting to db", "connection reset")));
        story.skips("image", "needs unit tests, integration tests")
                .skips("deploy", "needs image; traffic stays on blue");
        story.notes("the hook onFinish failed: " + SCRIPT);
        story.isOver(Story.blocked("unit tests: 3 of 412 tests failed"));
    }

    private static Map<String, List<String>> waits() {
        Map<String, List<String>> waits = new LinkedHashMap<>();
        waits.put("checkout", List.of());
        waits.put("build", List.of("checkout"));
        waits.put("unit tests", List.of("checkout"));
        waits.put("integration tests", List.of("build"));
        waits.put("security scan", List.of("checkout"));
        waits.put(HOSTILE, List.of("checkout"));
        waits.put("image", List.of("build", "unit tests", "integration tests"));
        waits.put("deploy", List.of("image", "security scan", "unit tests"));
        return waits;
    }

    static Outcome unitTests() {
        return Story.blocked(
                "3 of 412 tests failed",
                "OrderTest.rejectsDoubleCharge: expected 409 but was 500  (OrderTest.java:88)",
                "OrderTest.refunds: " + SCRIPT,
                "PriceTest.roundsHalfUp[3]: expected 10.35 but was 10.34  (PriceTest.java:41)");
    }

    private Path log(String name, List<String> lines) {
        try {
            Path logs = Files.createDirectories(folder.resolve("logs"));
            return Files.write(logs.resolve(name + ".log"), lines);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static List<String> hostile() {
        return List.of(SCRIPT, "\u001b[31mred\u001b[2J \u202egnp.exe\u0000\uFFFE", "y".repeat(LONG));
    }

    private static List<String> compiling() {
        return IntStream.range(0, 40).mapToObj(i -> "Compiling module " + i).toList();
    }

    private static List<String> tested() {
        return IntStream.range(0, 812).mapToObj(FullRun::testing).toList();
    }

    private static String testing(int i) {
        return "[INFO] Tests run: " + (i + 1) + ", Failures: " + (i > 700 ? 3 : 0) + ", in dev.shop.Order" + i + "Test";
    }

    /** Deployments of three weeks, one of them taken back, the last not over. */
    static List<DeploymentRecord> history() {
        return IntStream.range(0, 14).mapToObj(FullRun::deployment).toList();
    }

    private static DeploymentRecord deployment(int i) {
        Instant switched = Story.START.minus(Duration.ofHours(36L * (14 - i)));
        Instant committed = switched.minus(Duration.ofMinutes(18 + 17L * (i * 7 % 5)));
        boolean failed = i == 5 || i == 11;
        return new DeploymentRecord(
                new Release("shop", "v" + i, "sha256:" + i, Optional.of("c" + i), Optional.of(committed), "r" + i),
                switched.minusSeconds(20),
                Optional.of(switched),
                i == 13 ? Optional.empty() : Optional.of(switched.plusSeconds(600)),
                !failed && i != 13,
                failed ? Optional.of(Duration.ofMillis(900)) : Optional.empty(),
                failed ? Optional.of(Duration.ofMillis(40 + i)) : Optional.empty());
    }
}
