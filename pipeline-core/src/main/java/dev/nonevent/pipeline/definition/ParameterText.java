package dev.nonevent.pipeline.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns the text of a command line into the value a parameter declares. */
final class ParameterText {

    private static final Map<Class<?>, Function<String, Object>> KNOWN = Map.of(
            String.class, text -> text,
            Integer.class, Integer::valueOf,
            Long.class, Long::valueOf,
            Double.class, Double::valueOf,
            Boolean.class, ParameterText::bool,
            Duration.class, ParameterText::duration,
            Path.class, Path::of,
            URI.class, URI::create);

    private static final JsonMapper JSON =
            JsonMapper.builder().findAndAddModules().build();

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
                return JSON.readValue(text, type);
            }
            Function<String, Object> known = KNOWN.get(type);
            if (known == null) {
                throw new IllegalStateException(type.getName());
            }
            return type.cast(known.apply(text));
        } catch (IllegalArgumentException | DateTimeException | JsonProcessingException wrong) {
            throw new IllegalArgumentException("--" + name + "=" + text + " is not " + expected(type), wrong);
        }
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

    private static String expected(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> name(constant).toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ", "one of ", ""));
        } else if (type == Duration.class) {
            return "a duration such as 90s, 10m or PT1H30M";
        } else if (type.isRecord()) {
            return "a JSON object with "
                    + Arrays.stream(type.getRecordComponents())
                            .map(java.lang.reflect.RecordComponent::getName)
                            .collect(Collectors.joining(", "));
        }
        return "a " + type.getSimpleName();
    }
}
