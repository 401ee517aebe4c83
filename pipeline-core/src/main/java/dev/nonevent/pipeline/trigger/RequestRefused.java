package dev.nonevent.pipeline.trigger;

/** A request that is not taken; the message is for whoever sent it. */
final class RequestRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    RequestRefused(int status, String sentence) {
        super(sentence);
        this.status = status;
    }

    int status() {
        return status;
    }
}
