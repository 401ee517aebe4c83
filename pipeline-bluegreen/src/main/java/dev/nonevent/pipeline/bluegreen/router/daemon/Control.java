package dev.nonevent.pipeline.bluegreen.router.daemon;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
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

    static final int VERSION = 3;

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
        SHUT_DOWN,
        /** Of the next router: gives it the route and what clients wait at; this caller stays on the line. */
        HAND_OVER,
        /** Of the next router on that line, if it could be given no socket: stops listening, so that it can. */
        LET_GO,
        /** Of the next router on that line: it serves. The answer means that no new request is taken here any more. */
        TAKEN
    }

    /**
     * @param routing of a switch
     * @param deployment of a drain
     * @param deadline of a drain
     * @param socket of a handover: where open sockets are taken; empty: they cannot be
     */
    record Ask(
            int version,
            String application,
            Verb verb,
            long fence,
            Optional<Routing> routing,
            Optional<String> deployment,
            Duration deadline,
            Optional<String> socket) {

        static Ask of(String application, Verb verb) {
            return new Ask(
                    VERSION, application, verb, 0, Optional.empty(), Optional.empty(), Duration.ZERO, Optional.empty());
        }

        Ask fence(long raised) {
            return new Ask(version, application, verb, raised, routing, deployment, deadline, socket);
        }

        Ask routing(Routing wanted) {
            return new Ask(version, application, verb, fence, Optional.of(wanted), deployment, deadline, socket);
        }

        Ask drain(String of, Duration until) {
            return new Ask(version, application, verb, fence, routing, Optional.of(of), until, socket);
        }

        Ask socket(Optional<String> place) {
            return new Ask(version, application, verb, fence, routing, deployment, deadline, place);
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
     * @param identity which router says so
     * @param listeners how many open sockets were handed over
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Reply(
            Kind kind,
            String sentence,
            long seen,
            Optional<Route> route,
            Optional<URI> address,
            Optional<URI> preview,
            List<Counts> counts,
            Optional<Drained> drained,
            Optional<Identity> identity,
            int listeners) {

        static Reply done(Route route, URI address, Identity identity) {
            return new Reply(
                    Kind.DONE,
                    "",
                    route.fence(),
                    Optional.of(route),
                    Optional.of(address),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.of(identity),
                    0);
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
                    Optional.empty(),
                    Optional.empty(),
                    0);
        }

        Reply preview(Optional<URI> there) {
            return new Reply(kind, sentence, seen, route, address, there, counts, drained, identity, listeners);
        }

        Reply counts(List<Counts> counted) {
            return new Reply(kind, sentence, seen, route, address, preview, counted, drained, identity, listeners);
        }

        Reply drained(Drained how) {
            return new Reply(
                    kind, sentence, seen, route, address, preview, counts, Optional.of(how), identity, listeners);
        }

        Reply listeners(int given) {
            return new Reply(kind, sentence, seen, route, address, preview, counts, drained, identity, given);
        }
    }

    /**
     * Which program runs, and how it is set up.
     *
     * @param program names the content of its class path
     * @param settings names what was declared, but for the port
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Identity(String program, String settings, String bind, long pid) {

        static Identity of(String program, Settings settings) {
            return new Identity(
                    program,
                    settings.name(),
                    settings.bind(),
                    ProcessHandle.current().pid());
        }

        /** Whether a router of that program with those settings would be no other. */
        boolean fits(String wantedProgram, Settings wanted) {
            return program.equals(wantedProgram) && settings.equals(wanted.name());
        }
    }

    static String write(Record message) throws IOException {
        return JSON.writeValueAsString(message);
    }

    /** @throws IOException with a sentence if it is none, or one of another version */
    static Ask ask(String line) throws IOException {
        int version = versionOf(line);
        if (version != VERSION) {
            throw new IOException("this router speaks version " + VERSION + " of its control language, not " + version
                    + ": use the library that started it, or shut it down with that");
        }
        return read(line, Ask.class);
    }

    /** Read before anything else: what another version says may have other words. */
    private static int versionOf(String line) throws IOException {
        try {
            JsonNode message = JSON.readTree(line);
            if (!message.path("version").isInt()) {
                throw new IOException("a line of the control socket has no version");
            }
            return message.get("version").intValue();
        } catch (JsonProcessingException e) {
            throw unreadable(e);
        }
    }

    private static IOException unreadable(JsonProcessingException e) {
        String first = e.getOriginalMessage().lines().findFirst().orElse("");
        return new IOException("a line of the control socket cannot be read: " + first, e);
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
            throw unreadable(e);
        }
    }
}
