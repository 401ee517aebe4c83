package dev.nonevent.pipeline.gate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads one SARIF 2.1.0 report as a stream: bounded depth and length, no key twice, nothing after the end. */
final class SarifJson {

    private static final String VERSION = "2.1.0";

    private final String report;
    private final FindingTally tally;

    SarifJson(String report, FindingTally tally) {
        this.report = report;
        this.tally = tally;
    }

    /** Adds the report's findings to the tally. */
    void read(InputStream bytes) throws IOException, UnusableEvidence {
        try (JsonParser json = bounded().createParser(bytes)) {
            readLog(json);
            if (json.nextToken() != null) {
                throw unusable("goes on after its end");
            }
        } catch (JsonProcessingException broken) {
            throw unusable("is not readable JSON, perhaps cut off: "
                    + Words.line(String.valueOf(broken.getOriginalMessage())));
        }
    }

    private static JsonFactory bounded() {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(128)
                        .maxStringLength(10_000_000)
                        .maxNameLength(10_000)
                        .build())
                .build();
    }

    private void readLog(JsonParser json) throws IOException, UnusableEvidence {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw unusable("is not a SARIF report: it is not a JSON object");
        }
        Optional<String> version = Optional.empty();
        int runs = 0;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (field.equals("version")) {
                version = Optional.of(checkedVersion(json));
            } else if (field.equals("runs")) {
                runs = value == JsonToken.START_ARRAY ? readRuns(json) : 0;
            } else {
                json.skipChildren();
            }
        }
        if (version.isEmpty()) {
            throw unusable("does not say its SARIF version; " + VERSION + " is read");
        } else if (runs == 0) {
            throw unusable("holds no runs: the tool did not analyse anything");
        }
    }

    private String checkedVersion(JsonParser json) throws IOException, UnusableEvidence {
        String version = json.getValueAsString("");
        if (!version.equals(VERSION)) {
            throw unusable("is of SARIF version " + Words.line(version) + "; " + VERSION + " is read");
        }
        return version;
    }

    private int readRuns(JsonParser json) throws IOException, UnusableEvidence {
        int runs = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw unusable("has a run that is not an object");
            }
            new SarifRun(this, ++runs).read(json, tally);
        }
        return runs;
    }

    UnusableEvidence unusable(String why) {
        return new UnusableEvidence("report " + report + " " + why);
    }
}
