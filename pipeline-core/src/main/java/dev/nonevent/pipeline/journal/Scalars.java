package dev.nonevent.pipeline.journal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Values without anything in them. */
final class Scalars {

    private static final Map<Class<?>, Form<?>> FORMS = Map.ofEntries(
            Map.entry(String.class, new Text<>(String::toString, text -> text)),
            Map.entry(Boolean.class, new Truth()),
            Map.entry(Byte.class, new Whole<>(Byte.MIN_VALUE, Byte.MAX_VALUE, number -> (byte) number)),
            Map.entry(Short.class, new Whole<>(Short.MIN_VALUE, Short.MAX_VALUE, number -> (short) number)),
            Map.entry(Integer.class, new Whole<>(Integer.MIN_VALUE, Integer.MAX_VALUE, number -> (int) number)),
            Map.entry(Long.class, new Whole<>(Long.MIN_VALUE, Long.MAX_VALUE, number -> number)),
            Map.entry(Float.class, text(Float::valueOf)),
            Map.entry(Double.class, text(Double::valueOf)),
            Map.entry(Character.class, text(text -> text.charAt(0))),
            Map.entry(BigInteger.class, text(BigInteger::new)),
            Map.entry(BigDecimal.class, text(BigDecimal::new)),
            Map.entry(Path.class, new Text<>(Scalars::path, Path::of)),
            Map.entry(URI.class, text(URI::create)),
            Map.entry(UUID.class, text(UUID::fromString)),
            Map.entry(Duration.class, text(Duration::parse)),
            Map.entry(Instant.class, text(Instant::parse)),
            Map.entry(LocalDate.class, text(LocalDate::parse)),
            Map.entry(LocalTime.class, text(LocalTime::parse)),
            Map.entry(LocalDateTime.class, text(LocalDateTime::parse)),
            Map.entry(OffsetDateTime.class, text(OffsetDateTime::parse)),
            Map.entry(ZonedDateTime.class, text(ZonedDateTime::parse)));

    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            boolean.class, Boolean.class,
            byte.class, Byte.class,
            short.class, Short.class,
            int.class, Integer.class,
            long.class, Long.class,
            float.class, Float.class,
            double.class, Double.class,
            char.class, Character.class);

    private Scalars() {}

    /** The form of a type, primitive or not; null if it is none of these. */
    static @Nullable Form<?> of(Class<?> type) {
        return FORMS.get(BOXES.getOrDefault(type, type));
    }

    /** What a value is declared as: paths are of classes of their own. */
    static Class<?> type(Object value) {
        return value instanceof Path ? Path.class : value.getClass();
    }

    /** The class of one of these by its simple name; null if there is none. */
    static @Nullable Class<?> named(String name) {
        return FORMS.keySet().stream()
                .filter(type -> type.getSimpleName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static String path(Path path) {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new NotDataException("it holds a path of another file system, " + path.toUri());
        }
        return path.toString();
    }

    private static <T> Form<T> text(Function<String, T> read) {
        return new Text<>(String::valueOf, read);
    }

    private record Text<T>(Function<T, String> text, Function<String, T> value) implements Form<T> {

        @Override
        public void write(T value, Pen pen) throws IOException {
            pen.text(text.apply(value));
        }

        @Override
        public T read(JsonNode json) {
            if (!json.isTextual()) {
                throw new NotDataException("there is no text at " + json);
            }
            try {
                return value.apply(json.textValue());
            } catch (RuntimeException wrong) {
                throw new NotDataException("\"" + json.textValue() + "\" stands for nothing: " + wrong.getMessage());
            }
        }
    }

    private record Whole<T extends Number>(long least, long most, LongFunction<T> value) implements Form<T> {

        @Override
        public void write(T number, Pen pen) throws IOException {
            pen.number(number.longValue());
        }

        @Override
        public T read(JsonNode json) {
            if (!json.isIntegralNumber()
                    || !json.canConvertToLong()
                    || json.longValue() < least
                    || json.longValue() > most) {
                throw new NotDataException("there is no whole number from " + least + " to " + most + " at " + json);
            }
            return value.apply(json.longValue());
        }
    }

    private record Truth() implements Form<Boolean> {

        @Override
        public void write(Boolean value, Pen pen) throws IOException {
            pen.raw().writeBoolean(value);
        }

        @Override
        public Boolean read(JsonNode json) {
            if (!json.isBoolean()) {
                throw new NotDataException("there is neither true nor false at " + json);
            }
            return json.booleanValue();
        }
    }
}
