package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files and trees inside of a value that was restored: a name is worth nothing if the store has lost what it names. */
final class Stored {

    private Stored() {}

    /** The first that is missing or damaged, in words. */
    static Optional<String> missingOf(Object value, ArtifactStore store) {
        return parts(value).flatMap(part -> missing(part, store).stream()).findFirst();
    }

    private static Optional<String> missing(Object part, ArtifactStore store) {
        try {
            if (part instanceof Artifact artifact && !store.holds(artifact)) {
                return Optional.of(
                        artifact.name() + " (sha256 " + artifact.sha256() + ") is not in the artifact store any more");
            } else if (part instanceof Tree tree && !store.holds(tree)) {
                return Optional.of("the tree with sha256 " + tree.sha256() + " is not in the artifact store any more");
            }
            return Optional.empty();
        } catch (InfrastructureException damaged) {
            return Optional.of(String.valueOf(damaged.getMessage()));
        }
    }

    private static Stream<Object> parts(@Nullable Object value) {
        if (value instanceof Artifact || value instanceof Tree) {
            return Stream.of(value);
        } else if (value instanceof Collection<?> many) {
            return many.stream().flatMap(Stored::parts);
        } else if (value instanceof Map<?, ?> pairs) {
            return pairs.entrySet().stream()
                    .flatMap(pair -> Stream.concat(parts(pair.getKey()), parts(pair.getValue())));
        } else if (value instanceof Optional<?> maybe) {
            return maybe.stream().flatMap(Stored::parts);
        } else if (value instanceof Record record) {
            return Stream.of(record.getClass().getRecordComponents())
                    .flatMap(component -> parts(part(record, component)));
        }
        return Stream.empty();
    }

    private static @Nullable Object part(Record record, RecordComponent component) {
        try {
            component.getAccessor().trySetAccessible();
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException broken) {
            throw new IllegalStateException("a value that was just made cannot be asked: " + component, broken);
        }
    }
}
