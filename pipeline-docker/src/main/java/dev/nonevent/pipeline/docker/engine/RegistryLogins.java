package dev.nonevent.pipeline.docker.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.AuthConfigurations;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who this user is to a registry, as {@code docker login} left it: in {@code config.json}, or with a credential helper.
 * Asked anew each time, because tokens of helpers are short-lived.
 */
public final class RegistryLogins {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryLogins.class);
    private static final String HUB = "https://index.docker.io/v1/";
    /** What a helper calls a name when the secret is a token. */
    private static final String TOKEN = "<token>";

    private final DockerFolder folder;

    RegistryLogins(DockerFolder folder) {
        this.folder = folder;
    }

    /**
     * @param image with its registry in front, if it is not Docker's own
     * @return empty: as nobody
     */
    public Optional<AuthConfig> forImage(String image) {
        return forRegistry(registryOf(image), folder.settings());
    }

    /** Of every registry that is known, for the FROM lines of a Dockerfile. A helper that fails is logged and left out. */
    public AuthConfigurations all() {
        JsonNode settings = folder.settings();
        Set<String> registries = new TreeSet<>();
        settings.path("auths").fieldNames().forEachRemaining(registries::add);
        settings.path("credHelpers").fieldNames().forEachRemaining(registries::add);
        AuthConfigurations all = new AuthConfigurations();
        for (String each : registries) {
            try {
                forRegistry(each, settings).ifPresent(all::addConfig);
            } catch (InfrastructureException e) {
                LOG.warn("{}; a build that needs nothing from there goes on", e.getMessage());
            }
        }
        return all;
    }

    /** The first part of a name is a registry's if it can be a host; otherwise it is part of a name at Docker's own. */
    static String registryOf(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean host = first.contains(".") || first.contains(":") || first.equals("localhost");
        return !host || first.equals("docker.io") || first.equals("index.docker.io") ? HUB : first;
    }

    private static Optional<AuthConfig> forRegistry(String registry, JsonNode settings) {
        String own = settings.path("credHelpers").path(registry).asText("");
        String helper = own.isBlank() ? settings.path("credsStore").asText("") : own;
        return helper.isBlank()
                ? inFile(registry, settings.path("auths"))
                : CredentialProgram.named(helper).get(registry).flatMap(answer -> ofHelper(registry, answer));
    }

    private static Optional<AuthConfig> ofHelper(String registry, JsonNode answer) {
        String user = answer.path("Username").asText("");
        String secret = answer.path("Secret").asText("");
        if (secret.isEmpty()) {
            return Optional.empty();
        }
        AuthConfig login = new AuthConfig().withRegistryAddress(registry);
        return Optional.of(
                user.equals(TOKEN)
                        ? login.withIdentityToken(secret)
                        : login.withUsername(user).withPassword(secret));
    }

    private static Optional<AuthConfig> inFile(String registry, JsonNode logins) {
        JsonNode login = logins.path(registry);
        if (login.isMissingNode()) {
            var others = logins.properties().iterator();
            while (others.hasNext() && login.isMissingNode()) {
                var each = others.next();
                if (hostOf(each.getKey()).equals(hostOf(registry))) {
                    login = each.getValue();
                }
            }
        }
        return read(registry, login);
    }

    private static Optional<AuthConfig> read(String registry, JsonNode login) {
        AuthConfig found = new AuthConfig().withRegistryAddress(registry);
        String token = login.path("identitytoken").asText("");
        if (!token.isEmpty()) {
            return Optional.of(found.withIdentityToken(token));
        }
        String access = login.path("registrytoken").asText("");
        if (!access.isEmpty()) {
            return Optional.of(found.withRegistrytoken(access));
        }
        String both = decoded(registry, login.path("auth").asText(""));
        int colon = both.indexOf(':');
        if (colon > 0) {
            // What comes before the colon cannot hold one; docker pads the password with zeros.
            return Optional.of(found.withUsername(both.substring(0, colon))
                    .withPassword(both.substring(colon + 1).replaceAll("\0+$", "")));
        }
        return Optional.empty();
    }

    private static String decoded(String registry, String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            throw new InfrastructureException("docker's config.json has a login for " + registry
                    + " that is no base64: docker login makes a new one");
        }
    }

    /** As old versions of docker wrote them: with a scheme and a path. */
    private static String hostOf(String key) {
        String withoutScheme = key.replaceFirst("^https?://", "");
        int slash = withoutScheme.indexOf('/');
        return slash < 0 ? withoutScheme : withoutScheme.substring(0, slash);
    }
}
