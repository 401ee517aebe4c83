package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.time.Instant;
import java.util.Optional;

/**
 * One request of a client, after its end. No header and no query is in it: they can hold secrets.
 *
 * @param client its address
 * @param path of the request, as it was sent
 * @param status the client was told; 0 if it was told nothing
 * @param bytes of the answer's body
 * @param nanos from the head of the request to the end of its answer
 * @param target that answered, or failed last
 * @param requestId as the instance was told; empty if none was
 * @param replayed whether another target had failed it first
 * @param failure why it was not answered, or not by the first target
 */
public record Finished(
        Instant at,
        String client,
        String method,
        String path,
        int status,
        long bytes,
        long nanos,
        Optional<Target> target,
        Optional<String> requestId,
        boolean replayed,
        Optional<String> failure) {

    /** Is told of every request. */
    @FunctionalInterface
    public interface Listener {

        /** On an event loop: must not wait. */
        void finished(Finished request);
    }
}
