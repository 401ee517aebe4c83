package dev.nonevent.pipeline.journal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value whose type is not declared: an object whose one field is the name of the type. Text, truth and numbers of type
 * int stand for themselves. Of classes by their full name only records and enums are looked up.
 */
final class OpenForm implements Form<Object> {

    private final Forms forms;
    private final ClassLoader loader;

    OpenForm(Forms forms, ClassLoader loader) {
        this.forms = forms;
        this.loader = loader;
    }

    @Override
    public void write(@Nullable Object value, Pen pen) throws IOException {
        if (value == null) {
            pen.raw().writeNull();
        } else if (value instanceof String || value instanceof Boolean || value instanceof Integer) {
            forms.of(value.getClass()).write(value, pen);
        } else {
            named(value, pen);
        }
    }

    private void named(Object value, Pen pen) throws IOException {
        Class<?> scalar = Scalars.type(value);
        Class<?> type = Scalars.of(scalar) != null ? scalar : Containers.type(value);
        String name = type == null ? "" : type.getSimpleName();
        if (type == null) {
            type = value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
            name = type.getName();
            if ((!type.isRecord() && !type.isEnum()) || type.isHidden()) {
                throw new NotDataException("it " + (pen.isAtTop() ? "is " : "holds ") + name);
            }
        }
        pen.raw().writeStartObject();
        pen.raw().writeFieldName(name);
        pen.enter();
        forms.of(type).write(value, pen);
        pen.leave();
        pen.raw().writeEndObject();
    }

    @Override
    public @Nullable Object read(JsonNode json) {
        if (json.isNull()) {
            return null;
        } else if (json.isTextual()) {
            return json.textValue();
        } else if (json.isBoolean()) {
            return json.booleanValue();
        } else if (json.isNumber()) {
            return forms.of(Integer.class).read(json);
        }
        Map.Entry<String, JsonNode> only = only(json);
        return forms.of(type(only.getKey())).read(only.getValue());
    }

    private Class<?> type(String name) {
        Class<?> scalar = Scalars.named(name);
        Class<?> known = scalar == null ? Containers.named(name) : scalar;
        if (known != null) {
            return known;
        }
        try {
            Class<?> type = Class.forName(name, false, loader);
            if (!type.isRecord() && !type.isEnum()) {
                throw new NotDataException(name + " is neither a record nor an enum now");
            }
            return type;
        } catch (ClassNotFoundException | LinkageError gone) {
            throw new NotDataException("there is no class " + name + " any more");
        }
    }

    /** The one field of an object. */
    static Map.Entry<String, JsonNode> only(JsonNode json) {
        if (!json.isObject() || json.size() != 1) {
            throw new NotDataException("there is no name at " + json);
        }
        return json.properties().iterator().next();
    }
}
