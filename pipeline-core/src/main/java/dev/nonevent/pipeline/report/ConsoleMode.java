package dev.nonevent.pipeline.report;

/** What a person asks for with {@code --console}. */
public enum ConsoleMode {
    /** As the environment allows. */
    AUTO,
    /** Redrawn in place. */
    RICH,
    /** Line by line. */
    PLAIN
}
