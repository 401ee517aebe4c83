package dev.nonevent.pipeline.journal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Optionals, lists, sets and maps. All of them are arrays; a map is one of pairs, in its order. */
final class Containers {

    /** Those a program may ask for by their class get that very class back; all others are read back unmodifiable. */
    private static final Map<Class<?>, Function<List<@Nullable Object>, Object>> COLLECTIONS = Map.of(
            List.class, Collections::unmodifiableList,
            Set.class, values -> Collections.unmodifiableSet(new LinkedHashSet<>(values)),
            Collection.class, Collections::unmodifiableList,
            ArrayList.class, ArrayList::new,
            HashSet.class, HashSet::new,
            LinkedHashSet.class, LinkedHashSet::new,
            TreeSet.class, TreeSet::new);

    private static final Map<Class<?>, Function<Map<@Nullable Object, @Nullable Object>, Object>> MAPS = Map.of(
            Map.class, Collections::unmodifiableMap,
            HashMap.class, HashMap::new,
            LinkedHashMap.class, LinkedHashMap::new,
            TreeMap.class, TreeMap::new);

    private Containers() {}

    /** The form of a container, given the forms of what is in it; null if it is none. */
    static @Nullable Form<?> of(Class<?> type, Form<Object> first, Form<Object> second) {
        if (type == Optional.class) {
            return new Maybe(first);
        } else if (COLLECTIONS.containsKey(type)) {
            return new Many(COLLECTIONS.get(type), first);
        } else if (MAPS.containsKey(type)) {
            return new Pairs(MAPS.get(type), first, second);
        }
        return null;
    }

    /** What a container is known as; null if it is none of the JDK's, or sorted by something that is no data. */
    static @Nullable Class<?> type(Object value) {
        Class<?> type = value.getClass();
        boolean known = type == Optional.class || COLLECTIONS.containsKey(type) || MAPS.containsKey(type);
        if (sortedByOther(value) || !type.getName().startsWith("java.util.")) {
            return null;
        } else if (known) {
            return type;
        }
        return value instanceof List
                ? List.class
                : value instanceof Set ? Set.class : value instanceof Map ? Map.class : null;
    }

    private static boolean sortedByOther(Object value) {
        return (value instanceof SortedSet<?> set && set.comparator() != null)
                || (value instanceof SortedMap<?, ?> map && map.comparator() != null);
    }

    /** The class of one of these by its simple name; null if there is none. */
    static @Nullable Class<?> named(String name) {
        List<Class<?>> all = new ArrayList<>(COLLECTIONS.keySet());
        all.addAll(MAPS.keySet());
        all.add(Optional.class);
        return all.stream()
                .filter(type -> type.getSimpleName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static List<@Nullable Object> values(JsonNode json, Form<Object> of) {
        if (!json.isArray()) {
            throw new NotDataException("there is no array at " + json);
        }
        List<@Nullable Object> values = new ArrayList<>();
        json.forEach(each -> values.add(of.read(each)));
        return values;
    }

    private record Many(Function<List<@Nullable Object>, Object> made, Form<Object> of) implements Form<Object> {

        @Override
        public void write(Object value, Pen pen) throws IOException {
            pen.enter();
            pen.raw().writeStartArray();
            for (Object each : (Collection<?>) value) {
                of.write(each, pen);
            }
            pen.raw().writeEndArray();
            pen.leave();
        }

        @Override
        public Object read(JsonNode json) {
            return made.apply(values(json, of));
        }
    }

    private record Maybe(Form<Object> of) implements Form<Object> {

        @Override
        public void write(Object value, Pen pen) throws IOException {
            pen.enter();
            pen.raw().writeStartArray();
            if (((Optional<?>) value).isPresent()) {
                of.write(((Optional<?>) value).get(), pen);
            }
            pen.raw().writeEndArray();
            pen.leave();
        }

        @Override
        public Object read(JsonNode json) {
            List<@Nullable Object> values = values(json, of);
            if (values.size() > 1) {
                throw new NotDataException("there is more than one at " + json);
            }
            return values.isEmpty() ? Optional.empty() : Optional.ofNullable(values.get(0));
        }
    }

    private record Pairs(
            Function<Map<@Nullable Object, @Nullable Object>, Object> made, Form<Object> key, Form<Object> value)
            implements Form<Object> {

        @Override
        public void write(Object map, Pen pen) throws IOException {
            pen.enter();
            pen.raw().writeStartArray();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
                pen.enter();
                pen.raw().writeStartArray();
                key.write(entry.getKey(), pen);
                value.write(entry.getValue(), pen);
                pen.raw().writeEndArray();
                pen.leave();
            }
            pen.raw().writeEndArray();
            pen.leave();
        }

        @Override
        public Object read(JsonNode json) {
            Map<@Nullable Object, @Nullable Object> pairs = new LinkedHashMap<>();
            for (JsonNode pair : json) {
                if (!pair.isArray() || pair.size() != 2) {
                    throw new NotDataException("there is no pair at " + pair);
                }
                pairs.put(key.read(pair.get(0)), value.read(pair.get(1)));
            }
            return made.apply(pairs);
        }
    }
}
