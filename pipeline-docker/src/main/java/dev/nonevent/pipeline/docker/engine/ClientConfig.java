package dev.nonevent.pipeline.docker.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.AuthConfigurations;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.core.SSLConfig;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What docker-java asks about its surroundings. It is told the address and the version (none: as the engine likes); logins are given with each
 * command that needs one, because docker-java would look for one for every container it makes.
 */
record ClientConfig(URI host, Optional<ApiVersion> version) implements DockerClientConfig {

    /** A mapper learns each type when it first meets it, and one for each connection would never have learnt any. */
    private static final ObjectMapper MAPPER = DockerClientConfig.getDefaultObjectMapper();

    @Override
    public ObjectMapper getObjectMapper() {
        return MAPPER;
    }

    @Override
    public URI getDockerHost() {
        return host;
    }

    @Override
    public RemoteApiVersion getApiVersion() {
        return version.map(each -> RemoteApiVersion.create(each.major(), each.minor()))
                .orElse(RemoteApiVersion.unknown());
    }

    @Override
    public @Nullable String getRegistryUsername() {
        return null;
    }

    @Override
    public @Nullable String getRegistryPassword() {
        return null;
    }

    @Override
    public @Nullable String getRegistryEmail() {
        return null;
    }

    @Override
    public @Nullable String getRegistryUrl() {
        return null;
    }

    @Override
    public @Nullable AuthConfig effectiveAuthConfig(String image) {
        return null;
    }

    @Override
    public AuthConfigurations getAuthConfigurations() {
        return new AuthConfigurations();
    }

    /** The transport was given it. */
    @Override
    @SuppressWarnings("deprecation") // The interface asks for it.
    public @Nullable SSLConfig getSSLConfig() {
        return null;
    }
}
