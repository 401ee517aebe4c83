package dev.nonevent.pipeline.bluegreen.traffic;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.function.Function;

/** Whether users are let in. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Admission.Open.class, name = "open"),
    @JsonSubTypes.Type(value = Admission.Held.class, name = "held"),
    @JsonSubTypes.Type(value = Admission.Stopped.class, name = "stopped")
})
public sealed interface Admission {

    /** As always. */
    record Open() implements Admission {}

    /**
     * Requests wait until the traffic is opened again, each at most so long and at most so many at once; who would be one
     * too many, or has waited too long, gets 503.
     *
     * @param atMost more than zero, for each request
     * @param requests 1 or more
     */
    record Held(Duration atMost, int requests) implements Admission {}

    /**
     * Requests get 503 and a maintenance page with this message.
     *
     * @param message for the users, as plain text
     */
    record Stopped(String message) implements Admission {}

    /** One answer for each case: a new case breaks the compile. */
    default <T> T fold(Function<Open, T> open, Function<Held, T> held, Function<Stopped, T> stopped) {
        if (this instanceof Held wait) {
            return held.apply(wait);
        }
        if (this instanceof Stopped stop) {
            return stopped.apply(stop);
        }
        return open.apply((Open) this);
    }
}
