package dev.nonevent.pipeline.executor;

/** Takes what a command prints, standard output and error in the order they were written. One thread at a time. */
@FunctionalInterface
public interface CommandOutput {

    /** Bytes as they came; a chunk may end in the middle of a line or a character. The array is the callee's to keep. */
    void write(byte[] bytes);

    /**
     * Nothing has come for a quarter of a second and the command still runs: perhaps it asks something. Told once until
     * something comes; an executor that cannot tell says nothing.
     */
    default void idle() {}
}
