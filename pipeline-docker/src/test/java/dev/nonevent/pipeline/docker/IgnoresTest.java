package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoresTest {

    @ParameterizedTest
    @CsvSource({
        "**/*.pem, key.pem, true",
        "**/*.pem, a/b/key.pem, true",
        "**/*.pem, key.pem.txt, false",
        "*.pem, key.pem, true",
        "*.pem, a/key.pem, false",
        "a/**/z, a/z, true",
        "a/**/z, a/b/c/z, true",
        "a/**, a/b/c, true",
        "target, target/classes/A.class, true",
        "target, targets, false",
        "/target/, target/classes, true",
        "./target, target, true",
        "a?c, abc, true",
        "a?c, a/c, false",
        "[ab].txt, b.txt, true",
        "[^ab].txt, b.txt, false",
        "a.b+c(d), a.b+c(d), true",
        "\\*, x, false",
        "., anything, false",
        "./, anything, false",
        "/, anything, false",
        ".., anything, false",
        "../x, x, false",
        "/../x, x, true"
    })
    void aPatternMeansWhatItMeansToDocker(String pattern, String path, boolean ignored) {
        assertThat(Ignores.parse(List.of(pattern)).contain(path)).isEqualTo(ignored);
    }

    @Test
    void theLastLineThatMatchesDecides() {
        Ignores ignores = Ignores.parse(List.of("# keys", "", "keys", "!keys/public", "keys/public/old"));

        assertThat(ignores.contain("keys/private")).isTrue();
        assertThat(ignores.contain("keys/public/new")).isFalse();
        assertThat(ignores.contain("keys/public/old")).isTrue();
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstPattern() {
        assertThat(Ignores.parse(List.of("\uFEFFkeys")).contain("keys")).isTrue();
    }

    @Test
    void anExceptionOfNothingIsRefusedAndDoesNotLetEverythingIn() {
        assertThatThrownBy(() -> Ignores.parse(List.of("*", "!")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(".dockerignore: \"!\" is no pattern: it excepts nothing");
    }

    @Test
    void aFileInOtherLettersIsNamed(@TempDir Path context) throws Exception {
        Path file = Files.write(context.resolve(".dockerignore"), new byte[] {'k', (byte) 0xe4, 's', 'e'});

        assertThatThrownBy(() -> Ignores.of(context))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + " is no UTF-8 text: save it as that");
    }

    @Test
    void aLineThatIsNoPatternIsNamed() {
        assertThatThrownBy(() -> Ignores.parse(List.of("[a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(".dockerignore: \"[a\" is no pattern");
    }
}
