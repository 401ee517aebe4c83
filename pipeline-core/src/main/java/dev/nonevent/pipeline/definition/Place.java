package dev.nonevent.pipeline.definition;

/** The line of the team's code that declared something. */
public record Place(String file, int line) {

    private static final StackWalker FRAMES = StackWalker.getInstance();
    private static final String LANGUAGE = Place.class.getPackageName() + ".";

    /** The first frame outside the language itself. */
    static Place ofCaller() {
        return FRAMES.walk(frames -> frames.filter(
                        frame -> !frame.getClassName().startsWith(LANGUAGE)
                                || frame.getClassName().endsWith("Test"))
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
