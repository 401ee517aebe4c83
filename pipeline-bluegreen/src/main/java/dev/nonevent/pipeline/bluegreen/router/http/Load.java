package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.internal.PlatformDependent;
import java.util.Optional;

/**
 * About how much memory is taken on one event loop by requests that are under way, and by answers that wait for clients to
 * read them, and how much may be: who would be too much is refused or cut off, so that no crowd of clients can end the
 * router. Lives on its event loop.
 */
final class Load {

    /** What a request under way takes beside its head: its exchange, and the connection to its instance. */
    private static final int REQUEST = 6 * 1024;

    private static final int FIELD = 128;
    private static final int PART_OF_THE_HEAP = 3;

    private static final int PART_OF_THE_BUFFERS = 2;

    private final long most;
    private final long mostUnread;
    private long taken;
    private long unread;

    private Load(long most, long mostUnread) {
        this.most = most;
        this.mostUnread = mostUnread;
    }

    static Load ofOneLoop() {
        Runtime machine = Runtime.getRuntime();
        int loops = machine.availableProcessors();
        return new Load(
                machine.maxMemory() / PART_OF_THE_HEAP / loops,
                PlatformDependent.maxDirectMemory() / PART_OF_THE_BUFFERS / loops);
    }

    /** Of a head, or what there is of it. */
    static int weight(int bytes, int fields) {
        return REQUEST + bytes + FIELD * fields;
    }

    static int weight(HttpRequest request) {
        return request instanceof RequestHead head ? head.weight() : REQUEST;
    }

    /** Why there is no room for it, if there is none. */
    Optional<Scrutiny.Refusal> refusal(HttpRequest request) {
        return taken + weight(request) > most ? Optional.of(Scrutiny.overloaded()) : Optional.empty();
    }

    boolean isTooMuch() {
        return taken > most;
    }

    void take(int weight) {
        taken += weight;
    }

    void give(int weight) {
        taken -= weight;
    }

    /** What one client leaves unread changes by so many bytes; false if all of them leave too much. */
    boolean unread(int change) {
        unread += change;
        return unread <= mostUnread;
    }
}
