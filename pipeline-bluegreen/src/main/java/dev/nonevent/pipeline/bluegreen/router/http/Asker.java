package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.time.TimeSource;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Who asked, as an {@link Exchange} sees it: gives the request piece by piece, and takes the answer. Everything is called
 * on its event loop but {@link #execute}.
 */
interface Asker {

    /** Connections to instances on the same event loop. */
    UpstreamPool pool();

    TimeSource time();

    String nextRequestId();

    /** Of the client, without port. */
    String address();

    /** Of the client's connection: {@code http} or {@code https}. */
    String scheme();

    /** Whether what it says of who is behind it is believed. */
    boolean trusted();

    /** Runs it on the event loop; called by any thread. */
    void execute(Runnable work);

    /** A head that only announces: {@code 100 Continue}. */
    void passOn(HttpResponse interim, HttpRequest request);

    void endInterim();

    /**
     * @param requestRead false: the instance answers before it has seen all of the request; then the client is told that
     *     no more of it is wanted
     */
    void beginAnswer(HttpRequest request, HttpResponse fromInstance, boolean requestRead);

    /** Whether it takes more at once. */
    boolean write(HttpContent content);

    void endAnswer(LastHttpContent last, boolean requestRead);

    /** The router's own answer. */
    void answer(HttpRequest request, OwnAnswer own, boolean requestRead);

    /**
     * Tells the client that protocols are switched, and gives the connection up: it carries no more requests.
     *
     * @throws IllegalStateException if it cannot; {@link WebSockets#asked} is true only of a request that came over one that
     *     can
     */
    default Channel switchProtocols(HttpResponse fromInstance) {
        throw new IllegalStateException("only a connection of HTTP/1.1 changes its protocol");
    }

    /** Ends it so that nobody takes what was sent for a whole answer. */
    void breakOff();

    void flush();

    /** Takes no more of the request for now. */
    void pause();

    void resume();
}
