package dev.nonevent.pipeline.journal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A record: an object with its components. Reading calls its canonical constructor, and nothing else. */
final class RecordForm implements Form<Object> {

    private final Forms forms;
    private final Class<?> type;
    private final RecordComponent[] components;
    private final Type[] types;
    private final Constructor<?> constructor;

    RecordForm(Forms forms, Class<?> type) {
        this.forms = forms;
        this.type = type;
        this.components = type.getRecordComponents();
        this.types =
                Arrays.stream(components).map(RecordComponent::getGenericType).toArray(Type[]::new);
        this.constructor = constructor(type, components);
        Arrays.stream(components).forEach(component -> open(component.getAccessor(), type));
    }

    private static Constructor<?> constructor(Class<?> type, RecordComponent[] components) {
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            open(canonical, type);
            return canonical;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException("every record has its canonical constructor: " + type, impossible);
        }
    }

    private static void open(AccessibleObject member, Class<?> type) {
        if (!member.trySetAccessible()) {
            throw new NotDataException(type.getName() + " cannot be looked into: open its package to "
                    + RecordForm.class.getModule().getName());
        }
    }

    @Override
    public void write(Object value, Pen pen) throws IOException {
        pen.enter();
        pen.raw().writeStartObject();
        for (int i = 0; i < components.length; i++) {
            pen.raw().writeFieldName(components[i].getName());
            writeComponent(i, value, pen);
        }
        pen.raw().writeEndObject();
        pen.leave();
    }

    private void writeComponent(int i, Object value, Pen pen) throws IOException {
        @Nullable Object part;
        try {
            part = components[i].getAccessor().invoke(value);
        } catch (InvocationTargetException | IllegalAccessException broken) {
            throw new NotDataException(name(i) + " cannot be asked for: " + broken);
        }
        forms.of(types[i]).write(part, pen);
    }

    @Override
    public Object read(JsonNode json) {
        if (!json.isObject() || json.size() != components.length) {
            throw new NotDataException(type.getName() + " has other components now");
        }
        @Nullable Object[] parts = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            JsonNode part = json.get(components[i].getName());
            if (part == null) {
                throw new NotDataException(type.getName() + " has other components now");
            }
            parts[i] = forms.of(types[i]).read(part);
            if (parts[i] == null ? components[i].getType().isPrimitive() : !fits(i, parts[i])) {
                throw new NotDataException(name(i) + " is something else now");
            }
        }
        try {
            return constructor.newInstance(parts);
        } catch (InvocationTargetException refused) {
            throw new NotDataException(type.getName() + " refuses it: " + refused.getCause());
        } catch (ReflectiveOperationException | IllegalArgumentException broken) {
            throw new NotDataException(type.getName() + " cannot be made: " + broken);
        }
    }

    private boolean fits(int i, Object part) {
        Class<?> declared = components[i].getType();
        return declared.isPrimitive() || declared.isInstance(part);
    }

    private String name(int i) {
        return type.getSimpleName() + "." + components[i].getName();
    }
}
