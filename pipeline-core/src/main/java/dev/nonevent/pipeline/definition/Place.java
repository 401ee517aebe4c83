package dev.nonevent.pipeline.definition;

import java.util.Set;

/** The line of the team's code that declared something. */
public record Place(String file, int line) {

    private static final StackWalker FRAMES = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** The classes that can stand between a declaration and the line that makes it. */
    private static final Set<Class<?>> DOORS = Set.of(Place.class, Pipeline.class, Scope.class, Recorder.class);

    /** The first frame outside the doors of the language. */
    static Place ofCaller() {
        return FRAMES.walk(frames -> frames.filter(frame -> !DOORS.contains(frame.getDeclaringClass()))
                .findFirst()
                .map(frame -> new Place(
                        frame.getFileName() == null ? frame.getClassName() : frame.getFileName(),
                        frame.getLineNumber()))
                .orElse(new Place("unknown", 0)));
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
