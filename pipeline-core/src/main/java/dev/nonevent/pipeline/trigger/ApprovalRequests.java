package dev.nonevent.pipeline.trigger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.run.Approvals;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** One request to an {@link ApprovalServer}, answered. Safe for use by several threads. */
final class ApprovalRequests implements HttpHandler {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_BYTES = 16 * 1024;
    private static final int LONGEST = 1_000;
    private static final String BEARER = "Bearer ";
    private static final List<String> TEXTS = List.of("run", "stage", "digest", "who");

    private final Approvals approvals;
    private final byte[] token;
    private final TimeSource time;

    private record Reply(int status, String type, String body) {

        static Reply sentence(int status, String sentence) {
            return new Reply(status, "text/plain; charset=utf-8", sentence + "\n");
        }
    }

    ApprovalRequests(Approvals approvals, byte[] token, TimeSource time) {
        this.approvals = approvals;
        this.token = token.clone();
        this.time = time;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = reply(exchange);
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", reply.type());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Reply reply(HttpExchange exchange) throws IOException {
        if (!isKnown(exchange)) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            return Reply.sentence(401, "who has the token says it: Authorization: Bearer …");
        } else if (!exchange.getRequestURI().getRawPath().equals("/approvals")) {
            return Reply.sentence(404, "there is only /approvals");
        }
        try {
            return switch (exchange.getRequestMethod()) {
                case "GET" -> new Reply(200, "application/json", open());
                case "POST" -> answered(exchange);
                default -> Reply.sentence(405, "GET shows what waits, POST answers");
            };
        } catch (IllegalArgumentException refused) {
            return Reply.sentence(409, String.valueOf(refused.getMessage()));
        } catch (InfrastructureException broken) {
            return Reply.sentence(500, String.valueOf(broken.getMessage()));
        }
    }

    /** In a time that does not tell how much of it was right. */
    private boolean isKnown(HttpExchange exchange) {
        String said = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        return said.startsWith(BEARER)
                && MessageDigest.isEqual(said.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8), token);
    }

    private String open() {
        ArrayNode all = JSON.createArrayNode();
        for (Approvals.Asked asked : approvals.open()) {
            ObjectNode one = all.addObject()
                    .put("run", asked.run())
                    .put("stage", asked.stage())
                    .put("by", asked.by())
                    .put("digest", asked.digest())
                    .put("since", asked.since().toString());
            asked.what().forEach(one.putArray("what")::add);
        }
        return all.toPrettyString() + "\n";
    }

    private Reply answered(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            return Reply.sentence(413, "an answer has at most " + MOST_BYTES + " bytes");
        }
        JsonNode json;
        try {
            json = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
        } catch (JsonProcessingException none) {
            return Reply.sentence(400, "an answer is a JSON object");
        }
        Optional<String> missing =
                TEXTS.stream().filter(name -> !isText(json.path(name))).findFirst();
        if (missing.isPresent() || !json.path("approved").isBoolean()) {
            return Reply.sentence(
                    400,
                    "an answer needs \"" + missing.orElse("approved") + "\""
                            + (missing.isPresent()
                                    ? ", a text of at most " + LONGEST + " characters"
                                    : ", true or false"));
        }
        approvals.answer(new Approvals.Answer(
                json.path("run").asText(),
                json.path("stage").asText(),
                json.path("digest").asText(),
                json.path("approved").asBoolean(),
                json.path("who").asText(),
                isText(json.path("comment")) ? json.path("comment").asText() : "",
                time.now()));
        return new Reply(204, "text/plain", "");
    }

    private static boolean isText(JsonNode node) {
        return node.isTextual() && !node.asText().isBlank() && node.asText().length() <= LONGEST;
    }
}
