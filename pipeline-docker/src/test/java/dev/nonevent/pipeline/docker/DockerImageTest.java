package dev.nonevent.pipeline.docker;

import static dev.nonevent.pipeline.docker.DockerImage.dockerImage;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.artifact.Artifact;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerImageTest {

    @ParameterizedTest
    @ValueSource(strings = {"shop", "team/shop", "registry.example/shop", "localhost:5000/team/my-shop_2"})
    void aRepositoryIsTaken(String repository) {
        assertThatCode(() -> dockerImage(repository)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Shop", "shop:1", "shop@sha256:00", "-shop", "a b", "shop/", "a//b", "../x"})
    void whatIsNoRepositoryIsRefusedAtOnce(String repository) {
        assertThatThrownBy(() -> dockerImage(repository))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no repository");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".1", "-1", "a b", "a/b", "a:b"})
    void whatIsNoTagIsRefusedAtOnce(String tag) {
        assertThatThrownBy(() -> dockerImage("shop").tag(tag))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no tag");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/passwd", "../app.jar", "a/../../b", "./a"})
    void aFileStaysInTheContext(String as) {
        Artifact artifact = new Artifact("app.jar", Path.of("app.jar"), "0".repeat(64), 0);

        assertThatThrownBy(() -> dockerImage("shop").file(artifact, as))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no place in the context");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "/etc/passwd", "../Dockerfile", "a/../../Dockerfile", ".", "a\0b"})
    void theDockerfileIsInTheContext(String path) {
        assertThatThrownBy(() -> dockerImage("shop").dockerfile(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no Dockerfile of the context");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "a\nb"})
    void whatIsNoArgumentAndNoStageIsRefusedAtOnce(String name) {
        assertThatThrownBy(() -> dockerImage("shop").argument(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no build argument");
        assertThatThrownBy(() -> dockerImage("shop").target(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no stage of a Dockerfile");
    }

    @Test
    void withoutAContextThereIsNoBuild() {
        assertThatThrownBy(() -> dockerImage("shop").build(new LoggingStage(List.of())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("image shop has no context: call context(tree) before build");
    }

    @ParameterizedTest
    @CsvSource({
        "NPM_TOKEN, x",
        "db-password, x",
        "Client.Secret, x",
        "AWS_ACCESS_KEY, x",
        "SIGNING_KEY, x",
        "dbPassword, x",
        "PGPASSWORD, x",
        "MYSQL_PWD, x",
        "WHO, github_pat_0123456789abcdefghijABCDEFGHIJ0123456789",
        "WHO, xoxb-1234567890-abcdef",
        "WHO, ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "WHO, AKIAIOSFODNN7EXAMPLE",
        "WHO, -----BEGIN RSA PRIVATE KEY-----",
        "WHO, eyJhbGciOiJI.eyJzdWIiOiIx.x",
        "REPOSITORY, https://ci:hunter2@registry.example/maven"
    })
    void anArgumentOrALabelThatLooksLikeASecretIsRefusedWithoutItsValue(String name, String value) {
        assertThatThrownBy(() -> dockerImage("shop").argument(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "build argument " + name + " looks like a secret, and whoever has the image can")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> dockerImage("shop").label("note", value).label(name.toLowerCase(Locale.ROOT), value))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wordsThatAreOnlySetApartByALetterAreSeen() {
        assertThatThrownBy(() -> dockerImage("shop").argument("githubToken", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("build argument githubToken looks like a secret");
    }

    @ParameterizedTest
    @CsvSource({
        "VERSION, 1.4",
        "TOKENIZER, fast",
        "tokenizerVersion, 2",
        "PWD, /app",
        "PASSES, 3",
        "PRIMARY_KEY, id",
        "KEY, a",
        "COMMIT, 2d1e540aa2f",
        "REPOSITORY, https://registry.example/maven",
        "TIME, 10:30@noon"
    })
    void anOrdinaryArgumentIsTaken(String name, String value) {
        assertThatCode(() -> dockerImage("shop").argument(name, value)).doesNotThrowAnyException();
    }

    @Test
    void anArgumentThatHoldsASecretOfTheRunIsRefusedBeforeAnythingIsBuilt() {
        LoggingStage stage = new LoggingStage(List.of()) {
            @Override
            public String masked(String text) {
                return text.replace("hunter2", "***");
            }
        };

        assertThatThrownBy(() ->
                        dockerImage("shop").argument("WHO", "I am hunter2").build(stage))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("build argument WHO holds a secret of this run")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> dockerImage("shop").label("who", "hunter2").build(stage))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("label who holds a secret of this run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a b", ".a", "a=b"})
    void whatIsNoLabelIsRefusedAtOnce(String name) {
        assertThatThrownBy(() -> dockerImage("shop").label(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no label");
    }
}
