package dev.nonevent.pipeline.work;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A name for a typed value that whoever starts the run gives. It is read with {@link StageContext#value}.
 *
 * @param name as on the command line, {@code --name=value}
 * @param type what it becomes
 * @param fallback used if nothing is given; empty: it must be given
 * @param read turns the text into the value; throws {@link IllegalArgumentException} with a sentence if it cannot
 */
public record Parameter<T>(String name, Class<T> type, Optional<T> fallback, Function<String, T> read) {

    /** What may be given, for people: {@code one of staging, production}; {@code a whole number}. */
    public String expected() {
        return expected(type);
    }

    /** What text is read as this type, for people. */
    public static String expected(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> text(constant))
                    .collect(Collectors.joining(", ", "one of ", ""));
        } else if (type.isRecord()) {
            return Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getName)
                    .collect(Collectors.joining(", ", "a JSON object with ", ""));
        } else if (type == Duration.class) {
            return "a duration such as 90s, 10m or PT1H30M";
        } else if (type == Integer.class || type == Long.class) {
            return "a whole number from " + (type == Integer.class ? "-2147483648 to 2147483647" : "-2^63 to 2^63-1");
        } else if (type == Double.class) {
            return "a number such as 0.01";
        } else if (type == Boolean.class) {
            return "true or false";
        }
        return type == String.class ? "text" : "a " + type.getSimpleName();
    }

    /** The value as it would be given: an enum in lower case with dashes. */
    public static String text(Object value) {
        return value instanceof Enum<?> constant
                ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
                : String.valueOf(value);
    }
}
