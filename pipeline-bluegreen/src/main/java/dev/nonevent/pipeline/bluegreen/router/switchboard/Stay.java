package dev.nonevent.pipeline.bluegreen.router.switchboard;

/**
 * What goes on after its request was answered, perhaps for days: a stream of events, a WebSocket. It is no request in
 * flight any more, and holds up none that are; its side knows it until it has ended, so that a drain can tell it to go.
 */
public interface Stay {

    /** True for a WebSocket, false for a stream. */
    boolean webSocket();

    /**
     * Asks it to end where its client loses nothing and comes back by itself. May be called by any thread and any number
     * of times; returns before it is done.
     */
    void sayGoodbye();

    /** Ends it at once, if it has not ended yet; {@code wasCut} runs if it had not. May return before it is done. */
    void cut(Runnable wasCut);
}
