package dev.nonevent.pipeline.bluegreen.router.http;

/** A head that is not whole yet, and there is no room for more of it. */
final class OverloadException extends RuntimeException {

    private static final long serialVersionUID = 1;

    OverloadException() {
        super("no room for more of this head", null, false, false);
    }
}
