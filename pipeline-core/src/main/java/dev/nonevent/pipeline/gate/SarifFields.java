package dev.nonevent.pipeline.gate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The few values of one object that matter, by dotted path; of an array of objects the first is taken. */
final class SarifFields {

    private static final Set<String> WANTED = Set.of(
            "id",
            "defaultConfiguration.level",
            "properties.security-severity",
            "ruleId",
            "rule.id",
            "ruleIndex",
            "rule.index",
            "level",
            "kind",
            "baselineState",
            "message.text",
            "locations.physicalLocation.artifactLocation.uri",
            "locations.physicalLocation.region.startLine",
            "executionSuccessful");
    private static final Set<String> LEVELS = Set.of("none", "note", "warning", "error");
    private static final Set<String> OTHER_KINDS = Set.of("pass", "open", "informational", "notApplicable", "review");
    private static final int LONGEST = 1_000;

    private final SarifJson log;
    private final Map<String, String> values = new HashMap<>();
    /** One entry per suppression; empty text if it says no status. */
    private final List<String> suppressions = new ArrayList<>();

    private SarifFields(SarifJson log) {
        this.log = log;
    }

    /** Reads the object the parser stands on, to its end. */
    static SarifFields of(JsonParser json, SarifJson log) throws IOException {
        SarifFields fields = new SarifFields(log);
        fields.read(json);
        return fields;
    }

    private void read(JsonParser json) throws IOException {
        Deque<String> path = new ArrayDeque<>();
        path.push("");
        int depth = 1;
        while (depth > 0) {
            JsonToken token = json.nextToken();
            if (token == null) {
                throw new java.io.EOFException("the report ends inside an object");
            }
            switch (token) {
                case START_OBJECT, START_ARRAY -> {
                    String here = name(path, json, token);
                    if (here.equals("suppressions") && token == JsonToken.START_OBJECT) {
                        suppressions.add("");
                    }
                    path.push(here);
                    depth++;
                }
                case END_OBJECT, END_ARRAY -> {
                    path.pop();
                    depth--;
                }
                case FIELD_NAME, VALUE_NULL -> {}
                default -> value(name(path, json, token), json);
            }
        }
    }

    /** Elements of an array carry the array's own path. */
    private static String name(Deque<String> path, JsonParser json, JsonToken token) {
        String parent = path.element();
        boolean opens = token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
        var context = opens ? json.getParsingContext().getParent() : json.getParsingContext();
        if (context == null || context.inArray() || context.getCurrentName() == null) {
            return parent;
        }
        return parent.isEmpty() ? context.getCurrentName() : parent + "." + context.getCurrentName();
    }

    private void value(String name, JsonParser json) throws IOException {
        if (name.equals("suppressions.status") && !suppressions.isEmpty()) {
            suppressions.set(suppressions.size() - 1, json.getText());
        } else if (WANTED.contains(name)) {
            String text = json.getText();
            values.putIfAbsent(name, text.substring(0, Math.min(text.length(), LONGEST)));
        }
    }

    Optional<String> text(String path) {
        return Optional.ofNullable(values.get(path));
    }

    Optional<Integer> number(String path) {
        return text(path).filter(digits -> digits.matches("[0-9]{1,9}")).map(Integer::valueOf);
    }

    Optional<String> level(String path) throws UnusableEvidence {
        Optional<String> level = text(path);
        if (level.isPresent() && !LEVELS.contains(level.get())) {
            throw log.unusable("has the level \"" + Words.line(level.get()) + "\", which SARIF does not know");
        }
        return level;
    }

    /** Of kind {@code fail}, and not gone since the baseline. */
    boolean isFailure() throws UnusableEvidence {
        String kind = text("kind").orElse("fail");
        if (!kind.equals("fail") && !OTHER_KINDS.contains(kind)) {
            throw log.unusable("has a result of kind \"" + Words.line(kind) + "\", which SARIF does not know");
        }
        return kind.equals("fail") && !text("baselineState").orElse("").equals("absent");
    }

    /** All or nothing: one suppression under review or rejected leaves the finding open. */
    boolean isSuppressed() {
        return !suppressions.isEmpty()
                && suppressions.stream().allMatch(status -> status.isEmpty() || status.equals("accepted"));
    }

    /** Text only; never opened. */
    String place() {
        return text("locations.physicalLocation.artifactLocation.uri")
                .map(uri -> " " + uri
                        + text("locations.physicalLocation.region.startLine")
                                .map(line -> ":" + line)
                                .orElse(""))
                .orElse("");
    }
}
