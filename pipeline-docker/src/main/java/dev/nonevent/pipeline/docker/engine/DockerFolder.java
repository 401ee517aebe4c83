package dev.nonevent.pipeline.docker.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.common.hash.Hashing;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What {@code docker context} and {@code docker login} keep about this user: {@code ~/.docker}, or DOCKER_CONFIG. Only read. */
record DockerFolder(Path directory) {

    private static final long LARGEST_FILE = 4 << 20;

    static DockerFolder of(Map<String, String> environment, Path home) {
        String named = environment.getOrDefault("DOCKER_CONFIG", "");
        return new DockerFolder(named.isBlank() ? home.resolve(".docker") : Path.of(named));
    }

    /** {@code config.json}; a missing node if there is none. */
    JsonNode settings() {
        return read(directory.resolve("config.json"));
    }

    Optional<String> currentContext() {
        return Optional.of(settings().path("currentContext").asText("")).filter(name -> !name.isBlank());
    }

    /** What is kept of a context; a missing node if there is none of that name. */
    JsonNode context(String name) {
        return read(directory.resolve("contexts/meta").resolve(folderOf(name)).resolve("meta.json"));
    }

    /** Where a context's certificates are; empty if it has none. */
    Optional<Path> certificatesOf(String context) {
        Path folder =
                directory.resolve("contexts/tls").resolve(folderOf(context)).resolve("docker");
        return Optional.of(folder).filter(Files::isDirectory);
    }

    /** Any name can be a directory's this way. */
    private static String folderOf(String context) {
        return Hashing.sha256().hashString(context, StandardCharsets.UTF_8).toString();
    }

    private static JsonNode read(Path file) {
        if (!Files.exists(file)) {
            return MissingNode.getInstance();
        }
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new IOException("it is larger than " + LARGEST_FILE + " bytes");
            }
            return new ObjectMapper().readTree(Files.readString(file));
        } catch (IOException e) {
            // The library's message would print a part of the file, and there may be passwords in it.
            String reason = e instanceof JsonProcessingException ? "it is no JSON" : String.valueOf(e.getMessage());
            throw new InfrastructureException("docker's settings in " + file + " cannot be read: " + reason, e);
        }
    }
}
