package dev.nonevent.pipeline.docker.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.DockerException;
import dev.nonevent.pipeline.outcome.InfrastructureException;

/** The engine is there and said no. */
public final class EngineRefusedException extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    public EngineRefusedException(String doing, DockerException answer) {
        super("the Docker engine refused, " + doing + ": " + reasonIn(answer), answer);
        this.status = answer.getHttpStatus();
        this.reason = reasonIn(answer);
    }

    /** What it looked for is not there. */
    public boolean isNotFound() {
        return status == 404;
    }

    /** It is too late for that: stopped already, being removed already. */
    public boolean isConflict() {
        return status == 409;
    }

    /** What was asked for makes no sense to it: it was never the engine's fault. */
    public boolean isMistaken() {
        return status == 400;
    }

    /** The engine's own words. */
    public String reason() {
        return reason;
    }

    /** The library's message is {@code Status 404: {"message":"…"}}. */
    private static String reasonIn(DockerException answer) {
        String text = String.valueOf(answer.getMessage()).strip();
        int brace = text.indexOf('{');
        if (brace >= 0) {
            try {
                JsonNode message =
                        new ObjectMapper().readTree(text.substring(brace)).path("message");
                return message.isTextual() ? message.asText().strip() : text;
            } catch (JsonProcessingException notJson) {
                return text;
            }
        }
        return text;
    }
}
