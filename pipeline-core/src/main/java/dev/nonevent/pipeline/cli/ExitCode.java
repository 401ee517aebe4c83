package dev.nonevent.pipeline.cli;

/** How a process ends that ran one of our commands; a run has the code of its outcome. */
final class ExitCode {

    static final int PASSED = 0;
    static final int FAILED = 1;
    static final int ERRORED = 2;
    static final int ABORTED = 3;
    static final int INVALID = 64;

    private ExitCode() {}
}
