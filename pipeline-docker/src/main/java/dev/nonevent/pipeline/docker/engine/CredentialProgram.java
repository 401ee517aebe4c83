package dev.nonevent.pipeline.docker.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/** A program {@code docker-credential-…}, which keeps what {@code docker login} was told. Its answer is never printed. */
final class CredentialProgram {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST_ANSWER = 256 << 10;

    private final String program;
    private final Duration patience;

    /** @param program as the system finds it */
    CredentialProgram(String program, Duration patience) {
        this.program = program;
        this.patience = patience;
    }

    static CredentialProgram named(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new InfrastructureException("docker's config.json names the credential helper \"" + name
                    + "\", which is no name: letters, digits and . _ -");
        }
        return new CredentialProgram("docker-credential-" + name, PATIENCE);
    }

    /** Name and secret; empty if it keeps none for that registry. */
    Optional<JsonNode> get(String registry) {
        Process process = start(registry);
        FutureTask<byte[]> answer =
                new FutureTask<>(() -> process.getInputStream().readNBytes(LONGEST_ANSWER));
        Thread reader = new Thread(answer, "nonevent-credential-helper");
        reader.setDaemon(true);
        reader.start();
        try {
            tell(process, registry);
            String text = new String(Uninterruptibles.getUninterruptibly(answer, patience), StandardCharsets.UTF_8);
            return understood(registry, exitOf(process), text);
        } catch (TimeoutException late) {
            throw failed(registry, "it did not answer within " + patience.toSeconds() + " s", late);
        } catch (ExecutionException e) {
            throw failed(registry, "its answer cannot be read", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Process start(String registry) {
        try {
            return new ProcessBuilder(program, "get")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw failed(registry, "it cannot be started, is it installed?", e);
        }
    }

    private int exitOf(Process process) throws ExecutionException, TimeoutException {
        Uninterruptibles.getUninterruptibly(process.onExit(), patience);
        return process.exitValue();
    }

    /** A program that has what it needs before it read everything has closed its side. */
    private static void tell(Process process, String registry) {
        try (OutputStream input = process.getOutputStream()) {
            input.write(registry.getBytes(StandardCharsets.UTF_8));
        } catch (IOException closed) {
            // Its answer and its exit code tell what became of it.
        }
    }

    private InfrastructureException failed(String registry, String reason, Throwable cause) {
        return new InfrastructureException(sentence(registry, reason), cause);
    }

    private String sentence(String registry, String reason) {
        return "docker's config.json names " + program + " for the login at " + registry + ", but " + reason
                + ": try docker login " + registry;
    }

    private Optional<JsonNode> understood(String registry, int exitCode, String text) {
        if (exitCode != 0) {
            if (text.contains("credentials not found")) {
                return Optional.empty();
            }
            throw new InfrastructureException(sentence(registry, "it exited " + exitCode));
        }
        try {
            return Optional.of(new ObjectMapper().readTree(text)).filter(JsonNode::isObject);
        } catch (JsonProcessingException secretInside) {
            throw new InfrastructureException(sentence(registry, "its answer is no JSON"));
        }
    }
}
