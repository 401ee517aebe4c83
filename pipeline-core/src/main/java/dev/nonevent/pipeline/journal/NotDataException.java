package dev.nonevent.pipeline.journal;

/** A value is not data, or text does not stand for one; the message is the end of a sentence. */
final class NotDataException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotDataException(String what) {
        super(what);
    }
}
