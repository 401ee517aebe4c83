package dev.nonevent.pipeline.executor;

/** Takes what a command prints, standard output and error in the order they were written. One thread at a time. */
@FunctionalInterface
public interface CommandOutput {

    /** Bytes as they came; a chunk may end in the middle of a line or a character. The array is the callee's to keep. */
    void write(byte[] bytes);
}
