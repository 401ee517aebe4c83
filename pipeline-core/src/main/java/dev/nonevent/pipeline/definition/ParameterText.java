package dev.nonevent.pipeline.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.nonevent.pipeline.work.Parameter;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Turns the text of a command line into the value a parameter declares. */
final class ParameterText {

    private static final Map<Class<?>, Function<String, Object>> KNOWN = Map.of(
            String.class, text -> text,
            Integer.class, text -> Integer.valueOf(whole(text)),
            Long.class, text -> Long.valueOf(whole(text)),
            Double.class, ParameterText::decimal,
            Boolean.class, ParameterText::bool,
            Duration.class, ParameterText::duration,
            Path.class, Path::of,
            URI.class, URI::create);

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModules(new JavaTimeModule(), new Jdk8Module())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private ParameterText() {}

    static <T> Function<String, T> reader(String name, Class<T> type) {
        if (!KNOWN.containsKey(type) && !type.isEnum() && !type.isRecord()) {
            throw new IllegalArgumentException(
                    "parameter \"" + name + "\": " + type.getName()
                            + " cannot be read from text; use String, a number, Boolean, Duration, Path, URI, an enum or a record");
        }
        return text -> read(name, type, text);
    }

    private static <T> T read(String name, Class<T> type, String text) {
        try {
            if (type.isEnum()) {
                return constant(type, text);
            } else if (type.isRecord()) {
                return record(type, text);
            }
            Function<String, Object> known = KNOWN.get(type);
            if (known == null) {
                throw new IllegalStateException(type.getName());
            }
            return type.cast(known.apply(text));
        } catch (IllegalArgumentException | DateTimeException | JsonProcessingException wrong) {
            throw new IllegalArgumentException(
                    "--" + name + ": " + NameRule.shown(text) + " is not " + Parameter.expected(type), wrong);
        }
    }

    private static <T> T record(Class<T> type, String text) throws JsonProcessingException {
        T value = JSON.readValue(text, type);
        if (value == null) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    private static String whole(String text) {
        if (!text.matches("[+-]?[0-9]{1,19}")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    /** Finite, and without the spellings only a Java compiler knows ({@code 1d}, {@code 0x1p3}). */
    private static Double decimal(String text) {
        if (!text.matches("[+-]?[0-9]{1,30}([.][0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
                || Double.isInfinite(Double.parseDouble(text))) {
            throw new IllegalArgumentException(text);
        }
        return Double.valueOf(text);
    }

    private static <T> T constant(Class<T> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> name(constant).equalsIgnoreCase(text.replace('-', '_')))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static String name(Object constant) {
        return ((Enum<?>) constant).name();
    }

    private static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes" -> true;
            case "false", "no" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    /** ISO-8601, or a number with its unit: {@code 90s}, {@code 10m}, {@code 250ms}. */
    private static Duration duration(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.matches("\\d{1,9}ms")) {
            return Duration.ofMillis(Long.parseLong(lower.substring(0, lower.length() - 2)));
        }
        return Duration.parse(lower.matches("\\d{1,9}[smh]") ? "PT" + lower : text);
    }
}
