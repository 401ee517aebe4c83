package dev.nonevent.pipeline.bluegreen.traffic;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Whether users are let in. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Admission.Open.class, name = "open"),
    @JsonSubTypes.Type(value = Admission.Held.class, name = "held"),
    @JsonSubTypes.Type(value = Admission.Stopped.class, name = "stopped")
})
public sealed interface Admission {

    int LONGEST_MESSAGE = 2_000;
    Duration LONGEST_HOLD = Duration.ofHours(1);

    /** As always. */
    record Open() implements Admission {}

    /**
     * Requests wait until the traffic is opened again, each at most so long and at most so many at once; who would be one
     * too many, or has waited too long, gets 503.
     *
     * @param atMost more than zero, at most an hour, for each request
     * @param requests 1 or more
     */
    record Held(Duration atMost, int requests) implements Admission {}

    /**
     * Requests get 503 and a maintenance page with this message.
     *
     * @param message for the users, as plain text of at most {@value #LONGEST_MESSAGE} characters
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

    /** Everything wrong with it, as sentences. */
    @JsonIgnore
    default List<String> problems() {
        return fold(open -> List.of(), Admission::problemsOf, Admission::problemsOf);
    }

    private static List<String> problemsOf(Held held) {
        List<String> problems = new ArrayList<>();
        boolean tooShort = held.atMost().isNegative() || held.atMost().isZero();
        if (tooShort || held.atMost().compareTo(LONGEST_HOLD) > 0) {
            problems.add("requests are held for more than no time and at most an hour, not for " + held.atMost());
        }
        if (held.requests() < 1) {
            problems.add("at least 1 request is held, not " + held.requests() + ": to let in nobody, stop the traffic");
        }
        return List.copyOf(problems);
    }

    private static List<String> problemsOf(Stopped stopped) {
        int length = stopped.message().length();
        return length <= LONGEST_MESSAGE
                ? List.of()
                : List.of("a message to users has at most " + LONGEST_MESSAGE + " characters, not " + length);
    }
}
