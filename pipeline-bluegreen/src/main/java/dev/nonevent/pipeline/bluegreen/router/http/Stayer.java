package dev.nonevent.pipeline.bluegreen.router.http;

/** A connection that requests come in by, as seen by who wants to leave. */
interface Stayer {

    /** The next answer says that it is the last one here. On any thread. */
    void announceTheEnd();

    /** Takes no further request: what is owed is answered, then it closes. On any thread. */
    void takeNoMore();

    /** Whether another request may be taken from it. On any thread; once false, false for ever. */
    boolean takesMore();
}
