package dev.nonevent.pipeline.gate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of one tool. Its rules may stand behind its results, so results are kept, reduced and bounded in number, until
 * the run has been read to its end.
 */
final class SarifRun {

    static final int MOST_RESULTS = 100_000;
    private static final int MOST_RULES = 100_000;

    private final SarifJson log;
    private final String run;
    private final List<Finding> open = new ArrayList<>();
    private final List<Finding.Rule> driverRules = new ArrayList<>();
    private final Map<String, Finding.Rule> rules = new HashMap<>();
    private int suppressed;
    private int results;
    private boolean analysed;
    private String tool = "";

    SarifRun(SarifJson log, int number) {
        this.log = log;
        this.run = "run " + number;
    }

    void read(JsonParser json, FindingTally tally) throws IOException, UnusableEvidence {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (field.equals("tool") && value == JsonToken.START_OBJECT) {
                readTool(json);
            } else if (field.equals("results") && value == JsonToken.START_ARRAY) {
                readResults(json);
            } else if (field.equals("invocations") && value == JsonToken.START_ARRAY) {
                readInvocations(json);
            } else {
                json.skipChildren();
            }
        }
        if (tool.isBlank()) {
            throw log.unusable("does not say which tool made its " + run);
        } else if (!analysed) {
            throw log.unusable("has no results in its " + run + ": " + Words.line(tool) + " did not analyse anything");
        }
        tally.tool(tool);
        open.forEach(finding -> tally.open(finding, finding.weight(ruleOf(finding))));
        for (int at = 0; at < suppressed; at++) {
            tally.suppressed();
        }
    }

    /** By id, by the id its own extends ({@code CA1000/1}), else by its place among the driver's rules. */
    private Optional<Finding.Rule> ruleOf(Finding finding) {
        int slash = finding.rule().lastIndexOf('/');
        Optional<Finding.Rule> byId = Optional.ofNullable(rules.get(finding.rule()));
        if (byId.isEmpty() && slash > 0) {
            byId = Optional.ofNullable(rules.get(finding.rule().substring(0, slash)));
        }
        return byId.or(() -> finding.ruleIndex() >= 0 && finding.ruleIndex() < driverRules.size()
                ? Optional.of(driverRules.get(finding.ruleIndex()))
                : Optional.empty());
    }

    private void readTool(JsonParser json) throws IOException, UnusableEvidence {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (field.equals("driver") && value == JsonToken.START_OBJECT) {
                readComponent(json, true);
            } else if (field.equals("extensions") && value == JsonToken.START_ARRAY) {
                while (nextObject(json)) {
                    readComponent(json, false);
                }
            } else {
                json.skipChildren();
            }
        }
    }

    private void readComponent(JsonParser json, boolean driver) throws IOException, UnusableEvidence {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (field.equals("name") && driver) {
                tool = json.getValueAsString("");
            } else if (field.equals("rules") && value == JsonToken.START_ARRAY) {
                readRules(json, driver);
            } else {
                json.skipChildren();
            }
        }
    }

    private void readRules(JsonParser json, boolean driver) throws IOException, UnusableEvidence {
        while (nextObject(json)) {
            SarifFields fields = SarifFields.of(json, log);
            Finding.Rule rule = new Finding.Rule(
                    fields.text("id").orElse(""),
                    fields.level("defaultConfiguration.level"),
                    fields.text("properties.security-severity"));
            if (driver) {
                driverRules.add(rule);
            }
            rules.putIfAbsent(rule.id(), rule);
            if (rules.size() > MOST_RULES) {
                throw log.unusable("has more than " + MOST_RULES + " rules in its " + run);
            }
        }
    }

    private void readResults(JsonParser json) throws IOException, UnusableEvidence {
        analysed = true;
        while (nextObject(json)) {
            if (++results > MOST_RESULTS) {
                throw log.unusable("has more than " + MOST_RESULTS + " results in its " + run);
            }
            take(SarifFields.of(json, log));
        }
    }

    private void take(SarifFields fields) throws UnusableEvidence {
        if (!fields.isFailure()) {
            return;
        } else if (fields.isSuppressed()) {
            suppressed++;
            return;
        }
        String rule = fields.text("ruleId").or(() -> fields.text("rule.id")).orElse("");
        int index =
                fields.number("ruleIndex").or(() -> fields.number("rule.index")).orElse(-1);
        open.add(new Finding(
                rule,
                index,
                fields.level("level"),
                fields.text("properties.security-severity"),
                Words.line(rule + fields.place() + ": "
                        + fields.text("message.text").orElse("no message"))));
    }

    private void readInvocations(JsonParser json) throws IOException, UnusableEvidence {
        while (nextObject(json)) {
            if (SarifFields.of(json, log)
                    .text("executionSuccessful")
                    .filter("false"::equals)
                    .isPresent()) {
                throw log.unusable("says itself that the scan of its " + run + " did not succeed");
            }
        }
    }

    /** To the next element of an array of objects; false at its end. */
    private boolean nextObject(JsonParser json) throws IOException, UnusableEvidence {
        JsonToken token = json.nextToken();
        if (token != JsonToken.END_ARRAY && token != JsonToken.START_OBJECT) {
            throw log.unusable("has " + Words.line(String.valueOf(json.getText())) + " in its " + run
                    + " where an object must be");
        }
        return token == JsonToken.START_OBJECT;
    }
}
