package dev.nonevent.pipeline.definition;

import java.util.Optional;
import java.util.Set;

/**
 * Who speaks the language at this moment.
 *
 * @param type the class with the line
 */
record Caller(Place place, Optional<Class<?>> type) {

    private static final StackWalker FRAMES = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** The classes that can stand between a declaration and the line that makes it. */
    private static final Set<Class<?>> DOORS =
            Set.of(Caller.class, Place.class, Pipeline.class, Scope.class, Recorder.class);

    /** The first frame outside the doors of the language. */
    static Caller now() {
        return FRAMES.walk(frames -> frames.filter(frame -> !DOORS.contains(frame.getDeclaringClass()))
                .findFirst()
                .map(frame -> new Caller(
                        new Place(
                                frame.getFileName() == null ? frame.getClassName() : frame.getFileName(),
                                frame.getLineNumber()),
                        Optional.of(frame.getDeclaringClass())))
                .orElse(new Caller(new Place("unknown", 0), Optional.empty())));
    }
}
