package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.nonevent.pipeline.outcome.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonReportTest {

    @TempDir
    Path folder;

    @Test
    void itsShapeIsThisOne() {
        new Story(JsonReport.inRunFolder(), folder)
                .gates("tests")
                .begins("build", "tests<build", "deploy<tests")
                .starts("build")
                .deploys("build", "half of it is there")
                .after("1.5S")
                .ends("build", new Outcome.Passed("shop.jar"), "1.5S", Path.of("/runs/7f3c/logs/build.log"))
                .starts("tests")
                .prints("tests", "refunds failed")
                .says("db", "tests", "exited 134", "PANIC")
                .ends("tests", Story.blocked("1 of 41 failed", "OrderTest.refunds"), "2S")
                .notes("a hook failed")
                .isOver(Story.blocked("tests: 1 of 41 failed"));

        assertThat(folder.resolve("report.json")).content().isEqualToIgnoringNewLines(GOLDEN);
    }

    @Test
    void whatWasPrintedIsInItAsItWas() throws IOException {
        new FullRun(folder).tell(JsonReport.inRunFolder());

        JsonNode stages = new JsonMapper()
                .readTree(folder.resolve("report.json").toFile())
                .get("stages");
        assertThat(stages).anySatisfy(stage -> {
            assertThat(stage.get("name").asText()).isEqualTo("security scan");
            assertThat(stage.get("flaky").asBoolean()).isTrue();
            assertThat(stage.get("attempts").asInt()).isEqualTo(2);
        });
        assertThat(stages).anySatisfy(stage -> {
            assertThat(stage.get("name").asText()).isEqualTo(FullRun.HOSTILE);
            assertThat(stage.get("sentence").asText()).isEqualTo(FullRun.SCRIPT);
            assertThat(stage.get("lastLines").get(1).asText()).startsWith("\u001b[31mred");
            assertThat(stage.get("lastLines").get(2).asText()).endsWith("y… and 61536 more characters");
        });
    }

    private static final String GOLDEN = """
            {
              "format" : "nonevent run report",
              "version" : 1,
              "run" : "7f3c",
              "pipeline" : "shop",
              "trigger" : "push main@abc1234",
              "startedAt" : "2026-01-01T12:00:00Z",
              "endedAt" : "2026-01-01T12:00:01.500Z",
              "tookMs" : 1500,
              "workMs" : 3500,
              "outcome" : "blocked",
              "sentence" : "tests: 1 of 41 failed",
              "details" : [ ],
              "stages" : [ {
                "name" : "build",
                "kind" : "stage",
                "waitsFor" : [ ],
                "executor" : "this machine",
                "startedAt" : "2026-01-01T12:00:00Z",
                "place" : "Shop.java:7",
                "endedAt" : "2026-01-01T12:00:01.500Z",
                "tookMs" : 1500,
                "outcome" : "passed",
                "sentence" : "shop.jar; half of it is there",
                "details" : [ ],
                "flaky" : false,
                "attempts" : 1,
                "sayings" : [ {
                  "at" : "2026-01-01T12:00:00Z",
                  "line" : "half of it is there"
                } ],
                "log" : "/runs/7f3c/logs/build.log",
                "lines" : 0,
                "lastLines" : [ ],
                "services" : [ ]
              }, {
                "name" : "tests",
                "kind" : "gate",
                "waitsFor" : [ "build" ],
                "executor" : "this machine",
                "startedAt" : "2026-01-01T12:00:01.500Z",
                "place" : "Shop.java:7",
                "endedAt" : "2026-01-01T12:00:01.500Z",
                "tookMs" : 2000,
                "outcome" : "blocked",
                "sentence" : "1 of 41 failed",
                "details" : [ "OrderTest.refunds" ],
                "flaky" : false,
                "attempts" : 1,
                "sayings" : [ ],
                "lines" : 1,
                "lastLines" : [ "refunds failed" ],
                "services" : [ {
                  "service" : "db",
                  "ended" : "exited 134",
                  "log" : "db.log",
                  "lastLines" : [ "PANIC" ]
                } ]
              }, {
                "name" : "deploy",
                "kind" : "stage",
                "waitsFor" : [ "tests" ],
                "outcome" : "not started"
              } ],
              "asides" : [ {
                "at" : "2026-01-01T12:00:01.500Z",
                "line" : "service db is started for tests, in postgres:16"
              }, {
                "at" : "2026-01-01T12:00:01.500Z",
                "line" : "service db is ready after 2.1s"
              }, {
                "at" : "2026-01-01T12:00:01.500Z",
                "line" : "a hook failed"
              } ]
            }
            """;
}
