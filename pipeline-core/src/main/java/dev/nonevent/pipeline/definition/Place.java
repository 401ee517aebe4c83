package dev.nonevent.pipeline.definition;

/** The line of the team's code that declared something. */
public record Place(String file, int line) {

    static Place ofCaller() {
        return Caller.now().place();
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
