package dev.nonevent.pipeline.journal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The forms of all types, made when they are first asked for. What a type leaves open is written with its name: see
 * {@link OpenForm}. Safe for use by several threads.
 */
final class Forms {

    private final Map<Type, Form<Object>> known = new ConcurrentHashMap<>();
    private final Map<Class<?>, RecordForm> records = new ConcurrentHashMap<>();
    private final boolean ours;
    private final OpenForm open;

    private Forms(boolean ours, ClassLoader loader) {
        this.ours = ours;
        this.open = new OpenForm(this, loader);
    }

    /** For what this library writes down: one of several classes goes by its simple name. */
    static Forms ofTheLibrary() {
        return new Forms(true, Forms.class.getClassLoader());
    }

    /** @param loader knows the records and enums that a value is made of */
    static Forms of(ClassLoader loader) {
        return new Forms(false, loader);
    }

    @SuppressWarnings("unchecked") // the form was made for that class
    Form<JournalEntry> entries() {
        return (Form<JournalEntry>) (Form<?>) of(JournalEntry.class);
    }

    /** A value of which nothing is known. */
    Form<Object> open() {
        return open;
    }

    Form<Object> of(Type type) {
        Form<Object> form = known.get(type);
        if (form == null) {
            form = new OrNull(made(type));
            known.put(type, form);
        }
        return form;
    }

    RecordForm record(Class<?> type) {
        // Not computeIfAbsent: a record may hold others of its own kind.
        RecordForm form = records.get(type);
        if (form == null) {
            form = new RecordForm(this, type);
            records.put(type, form);
        }
        return form;
    }

    private Form<?> made(Type type) {
        if (type instanceof WildcardType wildcard) {
            return of(wildcard.getUpperBounds()[0]);
        }
        Type[] arguments = type instanceof ParameterizedType generic ? generic.getActualTypeArguments() : new Type[0];
        Class<?> raw = type instanceof ParameterizedType generic
                ? (Class<?>) generic.getRawType()
                : type instanceof Class<?> plain ? plain : Object.class;
        Form<?> scalar = Scalars.of(raw);
        if (scalar != null) {
            return scalar;
        } else if (raw.isRecord() || raw.isEnum()) {
            return closed(raw);
        } else if (ours && raw.isSealed()) {
            return new OneOf(this, raw);
        } else if (ours && Throwable.class.isAssignableFrom(raw)) {
            return new Dropped();
        }
        Form<?> container = Containers.of(raw, argument(arguments, 0), argument(arguments, 1));
        return container == null ? open : container;
    }

    private Form<Object> argument(Type[] arguments, int index) {
        return index < arguments.length ? of(arguments[index]) : open;
    }

    /** The form of a record or an enum. */
    Form<?> closed(Class<?> type) {
        return type == DataText.class ? new AsItIs() : type.isRecord() ? record(type) : new Constant(type);
    }

    /** Nothing is nothing, whatever it is nothing of. */
    private record OrNull(Form<?> form) implements Form<Object> {

        @Override
        @SuppressWarnings("unchecked") // the form was made for the type the value is declared as
        public void write(@Nullable Object value, Pen pen) throws IOException {
            if (value == null) {
                pen.raw().writeNull();
            } else {
                ((Form<Object>) form).write(value, pen);
            }
        }

        @Override
        public @Nullable Object read(JsonNode json) {
            return json.isNull() ? null : form.read(json);
        }
    }

    private record Constant(Class<?> type) implements Form<Object> {

        @Override
        public void write(Object value, Pen pen) throws IOException {
            pen.text(((Enum<?>) value).name());
        }

        @Override
        public Object read(JsonNode json) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> ((Enum<?>) constant).name().equals(json.textValue()))
                    .findFirst()
                    .orElseThrow(() -> new NotDataException(type.getName() + " has no " + json));
        }
    }

    /** One of the records of a sealed interface of ours, by its simple name. */
    private static final class OneOf implements Form<Object> {

        private final Forms forms;
        private final Map<String, Class<?>> kinds = new ConcurrentHashMap<>();

        OneOf(Forms forms, Class<?> sealed) {
            this.forms = forms;
            leaves(sealed).forEach(kind -> kinds.put(kind.getSimpleName(), kind));
        }

        private static Stream<Class<?>> leaves(Class<?> type) {
            return type.isSealed()
                    ? Arrays.stream(type.getPermittedSubclasses()).flatMap(OneOf::leaves)
                    : Stream.of(type);
        }

        @Override
        public void write(Object value, Pen pen) throws IOException {
            pen.raw().writeStartObject();
            pen.raw().writeFieldName(value.getClass().getSimpleName());
            forms.record(value.getClass()).write(value, pen);
            pen.raw().writeEndObject();
        }

        @Override
        public Object read(JsonNode json) {
            Map.Entry<String, JsonNode> only = OpenForm.only(json);
            Class<?> kind = kinds.get(only.getKey());
            if (kind == null) {
                throw new NotDataException("\"" + only.getKey() + "\" is not known to this version");
            }
            return forms.record(kind).read(only.getValue());
        }
    }

    /** JSON already. */
    private record AsItIs() implements Form<DataText> {

        @Override
        public void write(DataText value, Pen pen) throws IOException {
            pen.raw().writeRawValue(value.json());
        }

        @Override
        public DataText read(JsonNode json) {
            return new DataText(json.toString());
        }
    }

    /** What was thrown has said its words already, and is of use only to the process it was thrown in. */
    private record Dropped() implements Form<Object> {

        @Override
        public void write(Object value, Pen pen) throws IOException {
            pen.raw().writeNull();
        }

        @Override
        public Object read(JsonNode json) {
            throw new NotDataException("there is something thrown at " + json);
        }
    }
}
