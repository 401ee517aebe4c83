package dev.nonevent.pipeline.docker.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Which engine, and how it is reached, as the docker command decides it: what the code names, then DOCKER_HOST, then
 * DOCKER_CONTEXT, then the context of {@code docker context use}, then the usual socket.
 *
 * @param tls empty: not encrypted
 * @param version the version of the interface that DOCKER_API_VERSION names; empty: agreed upon with the engine
 * @param answer how long one answer may take before the engine counts as hung
 */
record EngineSettings(
        URI host, Optional<TlsFiles> tls, Optional<ApiVersion> version, Duration answer, RegistryLogins logins) {

    private static final String USUAL = "unix:///var/run/docker.sock";
    private static final String DEFAULT = "default";
    private static final String A_WAY_TO_REMOTE_ENGINES =
            "ssh -L /tmp/docker.sock:/var/run/docker.sock brings a remote engine's socket here";

    /** @param named by the code; goes before everything */
    static EngineSettings of(Optional<URI> named, Map<String, String> environment, Path home) {
        DockerFolder folder = DockerFolder.of(environment, home);
        Optional<String> hostText = named.map(URI::toString).or(() -> value(environment, "DOCKER_HOST"));
        Optional<String> context = hostText.isPresent()
                ? Optional.empty()
                : value(environment, "DOCKER_CONTEXT")
                        .or(folder::currentContext)
                        .filter(name -> !name.equals(DEFAULT));
        URI host = address(
                context.map(name -> hostOf(name, folder)).or(() -> hostText).orElse(USUAL));
        Optional<TlsFiles> tls = context.isPresent()
                ? folder.certificatesOf(context.get()).map(directory -> new TlsFiles(directory, false))
                : tlsOf(environment, folder);
        return new EngineSettings(
                host,
                "tcp".equals(host.getScheme()) ? tls : Optional.empty(),
                versionOf(environment),
                answerOf(environment),
                new RegistryLogins(folder));
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }

    private static String hostOf(String context, DockerFolder folder) {
        JsonNode kept = folder.context(context);
        if (kept.isMissingNode()) {
            throw new InfrastructureException("there is no docker context \"" + context + "\" in " + folder.directory()
                    + ": see docker context ls, DOCKER_CONTEXT and docker context use");
        }
        JsonNode endpoint = kept.path("Endpoints").path("docker");
        if (endpoint.path("SkipTLSVerify").asBoolean()) {
            throw new InfrastructureException("the docker context \"" + context
                    + "\" skips the verification of its engine's certificate, which is never done here: give it the"
                    + " engine's CA with docker context update");
        }
        String host = endpoint.path("Host").asText("");
        return host.isBlank() ? USUAL : host;
    }

    private static URI address(String host) {
        URI address;
        try {
            address = URI.create(host.strip());
        } catch (IllegalArgumentException e) {
            throw new InfrastructureException(
                    "\"" + host + "\" is no address of a Docker engine: see DOCKER_HOST and docker context ls", e);
        }
        String scheme = String.valueOf(address.getScheme());
        if (!scheme.equals("unix") && !scheme.equals("tcp")) {
            throw new InfrastructureException(
                    "a Docker engine is reached by unix:// or tcp://, not by " + host + ": " + A_WAY_TO_REMOTE_ENGINES);
        }
        if (scheme.equals("tcp") && (address.getHost() == null || address.getPort() < 0)) {
            throw new InfrastructureException(
                    host + " names no host and port of a Docker engine: tcp://engine.example:2376 would");
        }
        return address;
    }

    private static Optional<TlsFiles> tlsOf(Map<String, String> environment, DockerFolder folder) {
        if (value(environment, "DOCKER_TLS_VERIFY").isEmpty()) {
            if (value(environment, "DOCKER_TLS").isPresent()) {
                throw new InfrastructureException("DOCKER_TLS asks for TLS without verification, which is never done"
                        + " here: set DOCKER_TLS_VERIFY=1 instead");
            }
            return Optional.empty();
        }
        Path directory = value(environment, "DOCKER_CERT_PATH").map(Path::of).orElse(folder.directory());
        return Optional.of(new TlsFiles(directory, true));
    }

    private static Optional<ApiVersion> versionOf(Map<String, String> environment) {
        return value(environment, "DOCKER_API_VERSION")
                .map(text -> ApiVersion.parse(text)
                        .orElseThrow(() -> new InfrastructureException(
                                "DOCKER_API_VERSION is \"" + text + "\", which is no version such as 1.41")));
    }

    private static Duration answerOf(Map<String, String> environment) {
        return value(environment, "DOCKER_CLIENT_TIMEOUT")
                .map(text -> {
                    if (!text.matches("[1-9]\\d{0,4}")) {
                        throw new InfrastructureException(
                                "DOCKER_CLIENT_TIMEOUT is \"" + text + "\", which is no number of seconds");
                    }
                    return Duration.ofSeconds(Long.parseLong(text));
                })
                .orElse(Engine.ANSWER);
    }
}
