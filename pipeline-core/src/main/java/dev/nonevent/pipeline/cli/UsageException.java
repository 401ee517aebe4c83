package dev.nonevent.pipeline.cli;

/** What was asked for cannot be; the message says why, and what can. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String sentence) {
        super(sentence);
    }
}
