package dev.nonevent.pipeline.bluegreen.router.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a deployer and the daemon say to each other: one line of JSON each, then both hang up. */
public final class Control {

    static final int VERSION = 2;

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .build();

    private Control() {}

    enum Verb {
        ROUTE,
        RAISE_FENCE,
        SWITCH,
        COUNTS,
        DRAIN,
        SHUT_DOWN
    }

    /**
     * @param routing of a switch
     * @param deployment of a drain
     * @param deadline of a drain
     */
    record Ask(
            int version,
            String application,
            Verb verb,
            long fence,
            Optional<Routing> routing,
            Optional<String> deployment,
            Duration deadline) {

        static Ask of(String application, Verb verb) {
            return new Ask(VERSION, application, verb, 0, Optional.empty(), Optional.empty(), Duration.ZERO);
        }

        Ask fence(long raised) {
            return new Ask(version, application, verb, raised, routing, deployment, deadline);
        }

        Ask routing(Routing wanted) {
            return new Ask(version, application, verb, fence, Optional.of(wanted), deployment, deadline);
        }

        Ask drain(String of, Duration until) {
            return new Ask(version, application, verb, fence, routing, Optional.of(of), until);
        }
    }

    /** How it went. */
    enum Kind {
        DONE,
        /** The fence was overtaken by {@link Reply#seen()}. */
        STALE,
        /** The caller asked for something that cannot be. */
        REFUSED,
        /** Nobody knows whether it was done. */
        UNKNOWN
    }

    /**
     * @param sentence why it was not done
     * @param route as it is now
     * @param address where users come in
     * @param preview where nobody else comes in
     */
    record Reply(
            Kind kind,
            String sentence,
            long seen,
            Optional<Route> route,
            Optional<URI> address,
            Optional<URI> preview,
            List<Counts> counts,
            Optional<Drained> drained) {

        static Reply done(Route route, URI address) {
            return new Reply(
                    Kind.DONE,
                    "",
                    route.fence(),
                    Optional.of(route),
                    Optional.of(address),
                    Optional.empty(),
                    List.of(),
                    Optional.empty());
        }

        static Reply not(Kind kind, String sentence, long seen) {
            return new Reply(
                    kind,
                    sentence,
                    seen,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty());
        }

        Reply preview(Optional<URI> there) {
            return new Reply(kind, sentence, seen, route, address, there, counts, drained);
        }

        Reply counts(List<Counts> counted) {
            return new Reply(kind, sentence, seen, route, address, preview, counted, drained);
        }

        Reply drained(Drained how) {
            return new Reply(kind, sentence, seen, route, address, preview, counts, Optional.of(how));
        }
    }

    static String write(Record message) throws IOException {
        return JSON.writeValueAsString(message);
    }

    static Ask ask(String line) throws IOException {
        return read(line, Ask.class);
    }

    static Reply reply(String line) throws IOException {
        return read(line, Reply.class);
    }

    private static <T> T read(String line, Class<T> type) throws IOException {
        try {
            T message = JSON.readValue(line, type);
            if (message == null) {
                throw new IOException("a line of the control socket says null");
            }
            return message;
        } catch (JsonProcessingException e) {
            throw new IOException("a line of the control socket cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
