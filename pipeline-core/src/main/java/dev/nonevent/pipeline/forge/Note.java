package dev.nonevent.pipeline.forge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a forge has to be told about a run if nobody is left who could.
 *
 * @param keeper the process the run is in
 */
record Note(String run, String keeper, List<Status> owed) {

    private static final int VERSION = 1;
    private static final JsonMapper JSON = new JsonMapper();

    Note {
        owed = List.copyOf(owed);
    }

    String json() {
        ObjectNode note =
                JSON.createObjectNode().put("version", VERSION).put("run", run).put("keeper", keeper);
        ArrayNode all = note.putArray("owed");
        for (Status status : owed) {
            ObjectNode one = all.addObject()
                    .put("commit", status.commit())
                    .put("context", status.context())
                    .put("state", status.state().name())
                    .put("description", status.description());
            status.target().ifPresent(target -> one.put("target", target.toString()));
        }
        return note + "\n";
    }

    /** @throws IllegalArgumentException with half a sentence if the text is no note that can be understood */
    static Note of(String text) {
        try {
            JsonNode note = JSON.readTree(text);
            int version = note.path("version").asInt(-1);
            if (version > VERSION) {
                throw new IllegalArgumentException("is of version " + version + ", and this program knows " + VERSION);
            }
            List<Status> owed = new ArrayList<>();
            for (JsonNode one : note.path("owed")) {
                owed.add(new Status(
                        text(one, "commit"),
                        text(one, "context"),
                        State.valueOf(text(one, "state")),
                        text(one, "description"),
                        Optional.ofNullable(one.path("target").textValue()).map(URI::create)));
            }
            return new Note(text(note, "run"), text(note, "keeper"), owed);
        } catch (JsonProcessingException torn) {
            throw new IllegalArgumentException("is no JSON", torn);
        }
    }

    private static String text(JsonNode node, String field) {
        String text = node.path(field).textValue();
        if (text == null) {
            throw new IllegalArgumentException("has no \"" + field + "\"");
        }
        return text;
    }
}
