package dev.nonevent.pipeline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.nonevent.pipeline.executor.LocalExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * Who stands in the queue before a lock.
 *
 * @param deploys whether the stage is a deploy, which nobody cancels
 * @param pid of the process, and with {@code started} the one process that it is
 * @param marker of the commands of that process on this machine; empty if it is not told
 */
record LockTicket(String run, String stage, boolean deploys, long pid, String started, String marker) {

    private static final JsonMapper JSON = new JsonMapper();

    /** One of this process. */
    static LockTicket here(String run, String stage, boolean deploys) {
        ProcessHandle self = ProcessHandle.current();
        String started = self.info().startInstant().map(Instant::toString).orElse("");
        return new LockTicket(run, stage, deploys, self.pid(), started, LocalExecutor.marker());
    }

    boolean isOfThisProcess() {
        LockTicket here = here(run, stage, deploys);
        return pid == here.pid() && started.equals(here.started());
    }

    /** {@code run 261124-020903-565, stage deploy}. */
    String words() {
        return "run " + run + ", stage " + stage;
    }

    byte[] json() {
        return JSON.createObjectNode()
                .put("run", run)
                .put("stage", stage)
                .put("deploys", deploys)
                .put("pid", pid)
                .put("started", started)
                .put("marker", marker)
                .toPrettyString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Empty if it is none. */
    static Optional<LockTicket> of(byte[] json) {
        try {
            JsonNode ticket = JSON.readTree(new String(json, StandardCharsets.UTF_8));
            return ticket.path("run").isTextual()
                    ? Optional.of(new LockTicket(
                            ticket.path("run").asText(),
                            ticket.path("stage").asText(),
                            ticket.path("deploys").asBoolean(true),
                            ticket.path("pid").asLong(),
                            ticket.path("started").asText(),
                            ticket.path("marker").asText()))
                    : Optional.empty();
        } catch (JsonProcessingException none) {
            return Optional.empty();
        }
    }
}
