package dev.nonevent.pipeline.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunEventTest {

    private static final RunId RUN = new RunId("261123-055757-123");
    private static final Instant AT = Instant.EPOCH;

    @Test
    void whatIsAboutAServiceIsAnAside() {
        List<RunEvent> asides = new ArrayList<>();
        RunEvent ready = new RunEvent.ServiceReady(RUN, AT, "db", "postgres:16", Duration.ZERO);

        ready.match(e -> {}, e -> {}, e -> {}, e -> {}, e -> {}, asides::add, e -> {});

        assertThat(asides).containsExactly(ready);
    }

    @Test
    void matchCallsTheCaseAtHandAndNoOther() {
        List<RunEvent> events = List.of(
                new RunEvent.RunStarted(RUN, AT, "shop", "manual", Optional.empty(), Map.of(), Path.of("home")),
                new RunEvent.StageStarted(RUN, AT, "build", false, "Shop.java:1", "this machine"),
                new RunEvent.StageOutput(RUN, AT, "build", "line"),
                new RunEvent.DeploymentProgress(RUN, AT, "deploy", "line"),
                new RunEvent.StageEnded(
                        RUN, AT, "build", false, "Shop.java:1", Outcome.passed(), Duration.ZERO, Optional.empty()),
                new RunEvent.RunNote(RUN, AT, "line"),
                new RunEvent.RunEnded(RUN, AT, Outcome.passed(), Duration.ZERO));

        List<String> called = new ArrayList<>();
        events.forEach(event -> event.match(
                e -> called.add("RunStarted"),
                e -> called.add("StageStarted"),
                e -> called.add("StageOutput"),
                e -> called.add("DeploymentProgress"),
                e -> called.add("StageEnded"),
                e -> called.add("RunNote"),
                e -> called.add("RunEnded")));

        assertThat(called)
                .isEqualTo(events.stream()
                        .map(event -> event.getClass().getSimpleName())
                        .toList())
                .hasSize(RunEvent.class.getPermittedSubclasses().length);
    }
}
