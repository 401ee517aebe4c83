package dev.nonevent.pipeline.definition;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The classes a stage, gate or deployment is written in: the one with the line that declares it, and the one of the
 * object given to its verb. Who wants to know whether its code has changed looks at these.
 *
 * @param classes top-level classes, without repetition
 */
public record Code(List<Class<?>> classes) {

    public Code {
        classes = List.copyOf(classes);
    }

    static Code of(Optional<Class<?>> declaredIn, Object given) {
        // A lambda is a class of its own that exists in memory only; its nest host is where it is written.
        return new Code(Stream.concat(declaredIn.stream(), Stream.of(given.getClass()))
                .<Class<?>>map(Class::getNestHost)
                .distinct()
                .toList());
    }
}
