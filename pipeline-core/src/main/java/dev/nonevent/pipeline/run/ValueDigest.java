package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.Tree;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One digest for values of any kind: the same for equal records of plain values, in whichever process. Every part goes in with
 * its length, so that no two values look alike. A file is its content, wherever it lies. What has no text of its own has another
 * digest in another process.
 */
final class ValueDigest {

    private final MessageDigest sha256;

    private ValueDigest() {
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** {@code sha256:…} */
    static String of(@Nullable Object value) {
        return "sha256:" + hex(value);
    }

    private static String hex(@Nullable Object value) {
        ValueDigest digest = new ValueDigest();
        digest.add(value);
        return HexFormat.of().formatHex(digest.sha256.digest());
    }

    private void add(@Nullable Object value) {
        if (value == null) {
            text("null");
        } else if (value instanceof Artifact file) {
            parts("artifact", List.of(file.name(), file.sha256()));
        } else if (value instanceof Tree tree) {
            parts("tree", List.of(tree.sha256()));
        } else if (value instanceof Optional<?> optional) {
            parts("optional", optional.stream().toList());
        } else if (value instanceof Map<?, ?> map) {
            parts("map", sorted(map.entrySet().stream().map(each -> hex(each.getKey()) + hex(each.getValue()))));
        } else if (value instanceof Set<?> set) {
            parts("set", sorted(set.stream().map(ValueDigest::hex)));
        } else if (value instanceof Collection<?> list) {
            parts("list", list);
        } else if (value instanceof Record made) {
            made(made);
        } else {
            text(value.getClass().getName());
            text(value.toString());
        }
    }

    private void made(Record value) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        text(value.getClass().getName());
        text(Integer.toString(components.length));
        for (RecordComponent component : components) {
            text(component.getName());
            add(part(value, component));
        }
    }

    /** A record of a module that is closed to us has its text, which has all of its parts. */
    private static @Nullable Object part(Record value, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(value);
        } catch (IllegalAccessException | InvocationTargetException | RuntimeException closed) {
            return value.toString();
        }
    }

    /** Neither a map nor a set has an order to go by. */
    private static List<String> sorted(Stream<String> digests) {
        return digests.sorted().toList();
    }

    private void parts(String kind, Collection<?> parts) {
        text(kind);
        text(Integer.toString(parts.size()));
        parts.forEach(this::add);
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        sha256.update(bytes);
    }
}
