package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The first question to an engine: is it one, and which version of the interface do both sides speak. */
final class Negotiation {

    private static final int LONGEST_QUOTE = 200;
    private static final Pattern HUNG_UP = Pattern.compile("(?i)broken pipe|reset|closed|failed to respond");

    private final EngineSettings settings;

    Negotiation(EngineSettings settings) {
        this.settings = settings;
    }

    /** @return speaks the engine's newest version, or ours if that is older, or the one the user names */
    DockerClient agree(ApacheDockerHttpClient transport) {
        return speaking(Optional.of(agreed(versionOf(speaking(Optional.empty(), transport)))), transport);
    }

    private DockerClient speaking(Optional<ApiVersion> version, ApacheDockerHttpClient transport) {
        return DockerClientImpl.getInstance(new ClientConfig(settings.host(), version), transport);
    }

    private Version versionOf(DockerClient client) {
        try {
            return client.versionCmd().exec();
        } catch (DockerException refused) {
            throw noEngine(refused);
        } catch (RuntimeException e) {
            if (hungUpAfterTheHandshake(e.getCause())) {
                throw new InfrastructureException(
                        Unreachable.refusesClient(settings.host(), "it hung up after the handshake"), e);
            }
            throw e;
        }
    }

    /** Since TLS 1.3 an engine that refuses our certificate may do so only then. */
    private boolean hungUpAfterTheHandshake(@Nullable Throwable cause) {
        return settings.tls().isPresent()
                && cause instanceof IOException broken
                && !(broken instanceof SSLException)
                && HUNG_UP.matcher(Unreachable.said(broken)).find();
    }

    private ApiVersion agreed(Version engine) {
        ApiVersion newest = parsed(engine.getApiVersion())
                .orElseThrow(() -> new InfrastructureException("what answers at " + settings.host()
                        + " does not say which version of the Docker API it speaks: is it a Docker engine?"));
        if (newest.isOlderThan(ApiVersion.OLDEST)) {
            throw new InfrastructureException("the Docker engine at " + settings.host() + " is too old: it is version "
                    + engine.getVersion() + " and speaks API " + newest + ", and at least " + ApiVersion.OLDEST
                    + " is needed: update it to Docker 20.10 or newer");
        }
        ApiVersion oldest = parsed(engine.getRawValues().get("MinAPIVersion")).orElse(ApiVersion.OLDEST);
        ApiVersion wanted =
                settings.version().orElse(newest.isOlderThan(ApiVersion.NEWEST) ? newest : ApiVersion.NEWEST);
        if (newest.isOlderThan(wanted) || wanted.isOlderThan(oldest)) {
            throw new InfrastructureException(
                    "the Docker engine at " + settings.host() + " speaks API " + oldest + " to " + newest + ", and not "
                            + wanted
                            + (settings.version().isPresent()
                                    ? ", which DOCKER_API_VERSION names: unset it, and both agree by themselves"
                                    : ", the newest known here: set DOCKER_API_VERSION=" + oldest));
        }
        return wanted;
    }

    private static Optional<ApiVersion> parsed(@Nullable Object text) {
        return text == null ? Optional.empty() : ApiVersion.parse(text.toString());
    }

    private InfrastructureException noEngine(DockerException answer) {
        String said = String.valueOf(answer.getMessage()).strip();
        if (said.toLowerCase(Locale.ROOT).contains("http request to an https server")) {
            return new InfrastructureException(
                    "the Docker engine at " + settings.host()
                            + " wants TLS: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH to the directory with ca.pem,"
                            + " cert.pem and key.pem, or use a docker context with certificates",
                    answer);
        }
        String first = said.lines().findFirst().orElse("no reason given");
        return new InfrastructureException(
                "what answers at " + settings.host() + " is no Docker engine, or it is not well: asked for its version"
                        + " it answered \"" + first.substring(0, Math.min(LONGEST_QUOTE, first.length())) + "\"",
                answer);
    }
}
