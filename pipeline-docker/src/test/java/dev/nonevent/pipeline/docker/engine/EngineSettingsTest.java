package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hashing;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each case as the docker command decides it. */
class EngineSettingsTest {

    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path home;

    @Test
    void withoutAnythingItIsTheUsualSocket() {
        assertThat(settings().host()).isEqualTo(URI.create("unix:///var/run/docker.sock"));
        assertThat(settings().tls()).isEmpty();
        assertThat(settings().version()).isEmpty();
    }

    @Test
    void theContextInUseIsTaken() throws Exception {
        context("far", "{\"Host\":\"tcp://far.example:2376\"}");
        use("far");

        assertThat(settings().host()).isEqualTo(URI.create("tcp://far.example:2376"));
        assertThat(settings().tls()).isEmpty();
    }

    @Test
    void aContextNamedInTheEnvironmentGoesBeforeTheOneInUse() throws Exception {
        context("far", "{\"Host\":\"tcp://far.example:2376\"}");
        context("near", "{\"Host\":\"unix:///near.sock\"}");
        use("far");
        environment.put("DOCKER_CONTEXT", "near");

        assertThat(settings().host()).isEqualTo(URI.create("unix:///near.sock"));
    }

    @Test
    void dockerHostGoesBeforeEveryContext() throws Exception {
        context("far", "{\"Host\":\"tcp://far.example:2376\"}");
        use("far");
        environment.put("DOCKER_CONTEXT", "far");
        environment.put("DOCKER_HOST", "unix:///here.sock");

        assertThat(settings().host()).isEqualTo(URI.create("unix:///here.sock"));
    }

    @Test
    void whatTheCodeNamesGoesBeforeEverything() {
        environment.put("DOCKER_HOST", "unix:///here.sock");

        assertThat(EngineSettings.of(Optional.of(URI.create("unix:///named.sock")), environment, home)
                        .host())
                .isEqualTo(URI.create("unix:///named.sock"));
    }

    @Test
    void theDefaultContextIsNone() throws Exception {
        context("far", "{\"Host\":\"tcp://far.example:2376\"}");
        use("far");
        environment.put("DOCKER_CONTEXT", "default");

        assertThat(settings().host()).isEqualTo(URI.create("unix:///var/run/docker.sock"));
    }

    @Test
    void aContextsCertificatesAreItsOwnWhateverTheEnvironmentSays() throws Exception {
        context("far", "{\"Host\":\"tcp://far.example:2376\"}");
        Path certificates = Files.createDirectories(folder("tls", "far").resolve("docker"));
        use("far");
        environment.put("DOCKER_TLS_VERIFY", "1");

        assertThat(settings().tls()).contains(new TlsFiles(certificates, false));
    }

    @Test
    void dockerTlsVerifyTakesTheCertificatesOfDockersFolderOrOfTheirPath() {
        environment.put("DOCKER_HOST", "tcp://far.example:2376");
        environment.put("DOCKER_TLS_VERIFY", "1");
        assertThat(settings().tls()).contains(new TlsFiles(home.resolve(".docker"), true));

        environment.put("DOCKER_CERT_PATH", "/certificates");
        assertThat(settings().tls()).contains(new TlsFiles(Path.of("/certificates"), true));
    }

    @Test
    void aSocketIsNeverEncrypted() {
        environment.put("DOCKER_TLS_VERIFY", "1");

        assertThat(settings().tls()).isEmpty();
    }

    @Test
    void dockersFolderCanBeElsewhere() throws Exception {
        Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
        environment.put("DOCKER_CONFIG", elsewhere.toString());
        Files.writeString(elsewhere.resolve("config.json"), "{\"currentContext\":\"lost\"}");

        assertThatThrownBy(this::settings)
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("there is no docker context \"lost\" in " + elsewhere
                        + ": see docker context ls, DOCKER_CONTEXT and docker context use");
    }

    @Test
    void tlsWithoutVerificationIsRefused() throws Exception {
        environment.put("DOCKER_HOST", "tcp://far.example:2376");
        environment.put("DOCKER_TLS", "1");
        assertThatThrownBy(this::settings).hasMessageContaining("set DOCKER_TLS_VERIFY=1 instead");

        environment.clear();
        context("far", "{\"Host\":\"tcp://far.example:2376\",\"SkipTLSVerify\":true}");
        use("far");
        assertThatThrownBy(this::settings)
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("the docker context \"far\" skips the verification");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh://host", "http://localhost:2375", "npipe:////./pipe/docker_engine", "localhost"})
    void anAddressNoEngineIsReachedByIsNamedWithTheWayOut(String address) {
        environment.put("DOCKER_HOST", address);

        assertThatThrownBy(this::settings)
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("a Docker engine is reached by unix:// or tcp://, not by " + address
                        + ": ssh -L /tmp/docker.sock:/var/run/docker.sock brings a remote engine's socket here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://host", "tcp://:2375", "tcp:///sock"})
    void anAddressWithoutHostOrPortIsNamed(String address) {
        environment.put("DOCKER_HOST", address);

        assertThatThrownBy(this::settings)
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith(address + " names no host and port");
    }

    @Test
    void aVersionAndATimeoutOfTheUsersAreTaken() {
        environment.put("DOCKER_API_VERSION", "1.42");
        environment.put("DOCKER_CLIENT_TIMEOUT", "7");

        assertThat(settings().version()).contains(new ApiVersion(1, 42));
        assertThat(settings().answer()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void whatIsNoVersionAndNoTimeoutIsNamed() {
        environment.put("DOCKER_API_VERSION", "new");
        assertThatThrownBy(this::settings)
                .hasMessage("DOCKER_API_VERSION is \"new\", which is no version such as 1.41");

        environment.clear();
        environment.put("DOCKER_CLIENT_TIMEOUT", "0");
        assertThatThrownBy(this::settings).hasMessage("DOCKER_CLIENT_TIMEOUT is \"0\", which is no number of seconds");
    }

    @Test
    void settingsThatAreNoJsonAreNamedWithoutBeingPrinted() throws Exception {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), "{\"auths\": hunter2");

        assertThatThrownBy(this::settings)
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("docker's settings in " + home.resolve(".docker/config.json")
                        + " cannot be read: it is no JSON");
    }

    private EngineSettings settings() {
        return EngineSettings.of(Optional.empty(), environment, home);
    }

    private void use(String context) throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), "{\"currentContext\":\"" + context + "\"}");
    }

    private void context(String name, String endpoint) throws IOException {
        Path folder = Files.createDirectories(folder("meta", name));
        Files.writeString(
                folder.resolve("meta.json"),
                "{\"Name\":\"" + name + "\",\"Metadata\":{},\"Endpoints\":{\"docker\":" + endpoint + "}}");
    }

    private Path folder(String kind, String name) {
        return home.resolve(".docker/contexts")
                .resolve(kind)
                .resolve(Hashing.sha256()
                        .hashString(name, StandardCharsets.UTF_8)
                        .toString());
    }
}
