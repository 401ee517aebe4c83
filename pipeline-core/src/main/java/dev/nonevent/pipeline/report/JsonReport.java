package dev.nonevent.pipeline.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A run for programs; the shape is in {@code docs/reports.md}. A field may be added at any time; if one changes its meaning
 * or goes, the {@code version} grows. Times are of ISO 8601 in UTC, durations milliseconds.
 *
 * <p>Written when the run is over, wholly or not at all. If it cannot be, {@link #on} throws
 * {@link java.io.UncheckedIOException}, which a run logs and survives. Safe for several runs at a time.
 */
public final class JsonReport implements RunListener {

    /** What it is called in the folder of a run. */
    public static final String NAME = "report.json";

    private static final int VERSION = 1;

    private final FileReport file;

    private JsonReport(FileReport file) {
        this.file = file;
    }

    /** @param file replaced by each run */
    public static JsonReport at(Path file) {
        return new JsonReport(FileReport.at(file, JsonReport::text));
    }

    /** In the folder of each run, as {@link #NAME}. */
    public static JsonReport inRunFolder() {
        return new JsonReport(FileReport.inRunFolder(NAME, JsonReport::text));
    }

    @Override
    public void on(RunEvent event) {
        file.on(event);
    }

    private static String text(RunFacts facts, Path file) {
        try {
            return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(run(facts)) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("maps of texts and numbers are always JSON", impossible);
        }
    }

    private static Map<String, Object> run(RunFacts facts) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("format", "nonevent run report");
        run.put("version", VERSION);
        RunEvent.RunStarted started = facts.started;
        RunEvent.RunEnded ended = facts.ended;
        if (started != null) {
            run.put("run", started.run().value());
            run.put("pipeline", started.pipeline());
            run.put("trigger", started.trigger());
            facts.commit().ifPresent(commit -> run.put("commit", commit));
            run.put("startedAt", started.at().toString());
        }
        if (ended != null) {
            run.put("endedAt", ended.at().toString());
            run.put("tookMs", ended.took().toMillis());
        }
        run.put("workMs", facts.work().toMillis());
        facts.outcome().ifPresent(outcome -> end(run, outcome, outcome.sentence()));
        run.put("stages", facts.stages().stream().map(JsonReport::stage).toList());
        run.put("asides", sayings(facts.asides()));
        return run;
    }

    private static Map<String, Object> stage(RunFacts.StageFacts stage) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", stage.name);
        map.put("kind", stage.isGate() ? "gate" : "stage");
        map.put("waitsFor", stage.waitsFor);
        RunEvent.StageStarted started = stage.started;
        if (started != null) {
            map.put("executor", started.executor());
            map.put("startedAt", started.at().toString());
        }
        RunEvent.StageEnded ended = stage.ended;
        if (ended == null) {
            map.put("outcome", started == null ? "not started" : "not ended");
            return map;
        }
        map.put("place", ended.place());
        map.put("endedAt", ended.at().toString());
        map.put("tookMs", ended.took().toMillis());
        end(map, ended.outcome(), stage.sentence());
        map.put("flaky", stage.isFlaky());
        map.put("attempts", stage.attempts.size() + (started == null ? 0 : 1));
        map.put("sayings", sayings(stage.sayings));
        ended.log().ifPresent(log -> map.put("log", log.toString()));
        map.put("lines", stage.lines);
        map.put("lastLines", List.copyOf(stage.lastLines));
        map.put("services", stage.services.stream().map(JsonReport::service).toList());
        return map;
    }

    private static void end(Map<String, Object> map, Outcome outcome, String sentence) {
        map.put("outcome", outcome.word().toLowerCase(Locale.ROOT));
        map.put("sentence", sentence);
        Optional<Failure> failure = outcome.failed();
        map.put("details", failure.map(Failure::details).orElse(List.of()));
    }

    private static Map<String, Object> service(RunEvent.ServiceSaid said) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("service", said.service());
        said.how().ifPresent(how -> map.put("ended", how));
        map.put("log", said.log().toString());
        map.put("lastLines", said.lines());
        return map;
    }

    private static List<Map<String, Object>> sayings(List<RunFacts.Saying> sayings) {
        return sayings.stream().map(JsonReport::saying).toList();
    }

    private static Map<String, Object> saying(RunFacts.Saying saying) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("at", saying.at().toString());
        map.put("line", saying.line());
        return map;
    }
}
