package dev.nonevent.pipeline.docker;

import static dev.nonevent.pipeline.docker.DockerImage.dockerImage;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.artifact.Artifact;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerImageTest {

    @ParameterizedTest
    @ValueSource(strings = {"shop", "team/shop", "registry.example/shop", "localhost:5000/team/my-shop_2"})
    void aRepositoryIsTaken(String repository) {
        assertThatCode(() -> dockerImage(repository)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Shop", "shop:1", "shop@sha256:00", "-shop", "a b", "shop/"})
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

    @Test
    void withoutAContextThereIsNoBuild() {
        assertThatThrownBy(() -> dockerImage("shop").build(new LoggingStage(List.of())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("image shop has no context: call context(tree) before build");
    }
}
