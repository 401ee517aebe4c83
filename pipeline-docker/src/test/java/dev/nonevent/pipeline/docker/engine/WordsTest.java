package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "busybox",
                "busybox:1.36",
                "team/shop:2d1e540",
                "registry.example:5000/team/shop_a--b.c:v1",
                "localhost/x",
                "[::1]:5000/x",
                "shop@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "shop:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "0123456789ab"
            })
    void whatDockerRunTakesIsAnImage(String text) {
        assertThat(Words.image(text, "busybox:1.36")).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "-v",
                "busybox:",
                "busybox::1",
                ":1",
                "busybox:-1",
                "busybox:1\n",
                "\0",
                "ünï",
                "a/../b",
                "/x",
                "x/",
                "a//b",
                "http://x/y",
                "a@b",
                "busybox@sha256:12"
            })
    void whatNoEngineTakesIsNoImage(String text) {
        assertThatThrownBy(() -> Words.image(text, "busybox:1.36"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text + "\" is no image: name one like busybox:1.36");
    }

    @Test
    void whoWroteARepositoryInUpperCaseIsToldSo() {
        assertThatThrownBy(() -> Words.image("Shop:1", "busybox:1.36"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"Shop:1\" is no image: name one like busybox:1.36, whose repository is in lower case");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "A=B", "A\0B", "A\nB"})
    void whatNoProcessCanHaveIsNoVariable(String name) {
        assertThatThrownBy(() -> Words.variable(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + name + "\" is no name for a variable");
    }

    @Test
    void aValueWithZeroInItIsRefusedWithoutBeingShown() {
        assertThatThrownBy(() -> Words.variable("A", "hunter2\0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the value of A contains U+0000")
                .hasMessageNotContaining("hunter2");
        assertThatCode(() -> Words.variable("my.name", "several\nlines=ü")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/root/.m2", "/dev/shm", "/a..b", "/process"})
    void aPlainDirectoryIsAPlace(String directory) {
        assertThat(Words.namePlace(directory)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "m2", "/a/", "/a:b", "/a,b", "/a/../b", "/a/./b", "/a//b", "/a\nb", "/proc", "/sys/x"})
    void whatIsElsewhereThanItSaysIsNoPlace(String directory) {
        assertThat(Words.namePlace(directory)).isFalse();
    }
}
