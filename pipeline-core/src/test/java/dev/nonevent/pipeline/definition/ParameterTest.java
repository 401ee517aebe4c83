package dev.nonevent.pipeline.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.nonevent.pipeline.work.Parameter;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTest {

    enum Env {
        STAGING,
        PRE_PROD {
            @Override
            public String toString() {
                return "anything";
            }
        }
    }

    record Size(int replicas, String zone, Optional<Duration> warmUp) {}

    @Test
    void everyTypeIsReadFromItsText() {
        assertThat(read(String.class, "a b=c")).isEqualTo("a b=c");
        assertThat(read(Integer.class, "-7")).isEqualTo(-7);
        assertThat(read(Long.class, "9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(read(Double.class, "1e-2")).isEqualTo(0.01);
        assertThat(read(Boolean.class, "Yes")).isTrue();
        assertThat(read(Duration.class, "250ms")).isEqualTo(Duration.ofMillis(250));
        assertThat(read(Duration.class, "10m")).isEqualTo(Duration.ofMinutes(10));
        assertThat(read(Duration.class, "PT1H30M")).isEqualTo(Duration.ofMinutes(90));
        assertThat(read(Path.class, "a/b")).isEqualTo(Path.of("a/b"));
        assertThat(read(URI.class, "https://example.org/x")).isEqualTo(URI.create("https://example.org/x"));
        assertThat(read(Env.class, "pre-prod")).isEqualTo(Env.PRE_PROD);
        assertThat(read(Size.class, "{\"replicas\":2,\"zone\":\"a\"}")).isEqualTo(new Size(2, "a", Optional.empty()));
        assertThat(read(Size.class, "{\"replicas\":2,\"zone\":\"a\",\"warmUp\":\"PT5S\"}"))
                .isEqualTo(new Size(2, "a", Optional.of(Duration.ofSeconds(5))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.0", "2147483648", "0x10", " 1", "1 ", "٣", "1_000", "NaN", "99999999999999999999"})
    void whatIsNoIntIsRefused(String text) {
        refused(Integer.class, text, "a whole number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NaN", "Infinity", "1e999", "1d", "0x1p3", "1,5", ".", "--1"})
    void whatIsNoFiniteNumberIsRefused(String text) {
        refused(Double.class, text, "a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "tru", "true "})
    void whatIsNeitherTrueNorFalseIsRefused(String text) {
        refused(Boolean.class, text, "true or false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5d", "P", "PT99999999999999999999H", "-", "1e3s", "9999999999s"})
    void whatIsNoDurationIsRefused(String text) {
        refused(Duration.class, text, "a duration such as 90s, 10m or PT1H30M");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "prod", "STAGING ", "0"})
    void whatIsNoConstantIsRefusedWithThoseThatAre(String text) {
        refused(Env.class, text, "one of staging, pre-prod");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "2",
                "{}",
                "{\"replicas\":2}",
                "{\"replicas\":null,\"zone\":\"a\"}",
                "{\"replicas\":2,\"zone\":null}",
                "{\"replicas\":2,\"zone\":\"a\"} and more",
                "{\"replicas\":2,\"zone\":\"a\",\"zone\":\"b\"}",
                "{\"replicas\":2,\"zone\":\"a\",\"other\":1}",
                "{\"@class\":\"java.lang.Object\"}"
            })
    void whatIsNotExactlyTheRecordIsRefused(String text) {
        refused(Size.class, text, "a JSON object with replicas, zone, warmUp");
    }

    @Test
    void aPathThatCannotBeIsRefused() {
        refused(Path.class, "a\0b", "a Path");
    }

    @Test
    void aDeeplyNestedTextIsRefusedWithoutOverflow() {
        refused(Size.class, "[".repeat(100_000), "a JSON object");
    }

    @Test
    void aHostileTextIsShownHarmlessAndShort() {
        Parameter<Integer> parameter = declared(Integer.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> parameter.read().apply("\u001b[2J\u202e" + "x".repeat(10_000)))
                .satisfies(thrown -> assertThat(thrown.getMessage())
                        .startsWith("--it: \"<U+001B>[2J<U+202E>xxx")
                        .hasSizeLessThan(300)
                        .doesNotContain("\u001b", "\u202e"));
    }

    @Test
    void aTypeThatTextCannotBecomeIsRefusedAtTheCall() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> declared(InputStream.class))
                .withMessageContainingAll("\"it\"", "java.io.InputStream", "use String, a number");
    }

    @Test
    void aParameterIsEndedOnce() {
        List<ParameterDeclaration<String>> open = new ArrayList<>();

        assertThatIllegalStateException()
                .isThrownBy(() -> Pipeline.define("shop", p -> {
                    ParameterDeclaration<String> declaration = p.parameter("it", String.class);
                    open.add(declaration);
                    declared(declaration.required());
                    declared(declaration.orElse("x"));
                }));
        assertThat(open).hasSize(1);
    }

    private static void declared(Parameter<?> ignored) {
        assertThat(ignored).isNotNull();
    }

    private static <T> T read(Class<T> type, String text) {
        return declared(type).read().apply(text);
    }

    private static void refused(Class<?> type, String text, String expected) {
        Parameter<?> parameter = declared(type);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> parameter.read().apply(text))
                .withMessageStartingWith("--it: \"")
                .withMessageContaining("is not " + expected);
    }

    private static <T> Parameter<T> declared(Class<T> type) {
        List<Parameter<T>> declared = new ArrayList<>();
        Pipeline pipeline = Pipeline.define(
                "shop", p -> declared.add(p.parameter("it", type).required()));
        assertThat(pipeline.parameters()).isEqualTo(declared);
        return declared.get(0);
    }
}
