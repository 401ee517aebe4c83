package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RegistryLoginsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "busybox, https://index.docker.io/v1/",
        "team/shop, https://index.docker.io/v1/",
        "docker.io/team/shop, https://index.docker.io/v1/",
        "localhost/shop, localhost",
        "localhost:5000/shop, localhost:5000",
        "registry.example/team/shop:1, registry.example"
    })
    void theRegistryIsTheFirstPartIfItCanBeAHost(String image, String registry) {
        assertThat(RegistryLogins.registryOf(image)).isEqualTo(registry);
    }

    @Test
    void aLoginInTheFileIsFoundAndThoseOfOthersAreNot() throws Exception {
        settings("{\"auths\":{\"registry.example\":{\"auth\":\"" + base64("ci:to:ken") + "\"}}}");

        assertThat(logins().forImage("registry.example/shop")).hasValueSatisfying(login -> {
            assertThat(login.getUsername()).isEqualTo("ci");
            assertThat(login.getPassword()).isEqualTo("to:ken");
            assertThat(login.getRegistryAddress()).isEqualTo("registry.example");
        });
        assertThat(logins().forImage("other.example/shop")).isEmpty();
        assertThat(logins().forImage("shop")).isEmpty();
    }

    @Test
    void aLoginUnderAnOldNameIsFoundToo() throws Exception {
        settings("{\"auths\":{\"https://registry.example/v1/\":{\"auth\":\"" + base64("ci:x") + "\"}}}");

        assertThat(logins().forImage("registry.example/shop")).isPresent();
    }

    @Test
    void aTokenIsOne() throws Exception {
        settings("{\"auths\":{\"registry.example\":{\"identitytoken\":\"t0\"}}}");

        assertThat(logins().forImage("registry.example/shop"))
                .hasValueSatisfying(
                        login -> assertThat(login.getIdentitytoken()).isEqualTo("t0"));
    }

    @Test
    void withoutAFileThereIsNoLogin() {
        assertThat(logins().forImage("registry.example/shop")).isEmpty();
        assertThat(logins().all().getConfigs()).isEmpty();
    }

    @Test
    void whatIsNoBase64IsNamedWithoutBeingPrinted() throws Exception {
        settings("{\"auths\":{\"registry.example\":{\"auth\":\"hunter2!\"}}}");

        assertThatThrownBy(() -> logins().forImage("registry.example/shop"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("registry.example")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aHelperThatIsNotInstalledIsNamed() throws Exception {
        settings("{\"credHelpers\":{\"registry.example\":\"nonevent-missing\"}}");

        assertThatThrownBy(() -> logins().forImage("registry.example/shop"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("docker's config.json names docker-credential-nonevent-missing for the login at"
                        + " registry.example, but it cannot be started, is it installed?: try docker login"
                        + " registry.example");
    }

    @Test
    void aHelperThatFailsDoesNotKeepABuildFromItsOtherRegistries() throws Exception {
        settings("{\"credHelpers\":{\"bad.example\":\"nonevent-missing\"},\"auths\":{\"registry.example\":{\"auth\":\""
                + base64("ci:x") + "\"}}}");

        assertThat(logins().all().getConfigs()).containsOnlyKeys("registry.example");
    }

    @Test
    void aHelperIsAProgramsNameAndNoPath() throws Exception {
        settings("{\"credsStore\":\"../../tmp/evil\"}");

        assertThatThrownBy(() -> logins().forImage("registry.example/shop"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("which is no name");
    }

    private RegistryLogins logins() {
        return new RegistryLogins(DockerFolder.of(Map.of("DOCKER_CONFIG", folder.toString()), folder));
    }

    private void settings(String json) throws Exception {
        Files.writeString(folder.resolve("config.json"), json);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
