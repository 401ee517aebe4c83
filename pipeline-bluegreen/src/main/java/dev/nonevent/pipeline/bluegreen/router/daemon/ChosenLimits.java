package dev.nonevent.pipeline.bluegreen.router.daemon;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.nonevent.pipeline.bluegreen.router.http.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Limits that are not as they usually are; what is empty is.
 *
 * @param connections of clients at the same time
 * @param body bytes of a request's body
 * @param clientIdle without a byte from a client the router waits for
 * @param connect until a connection to an instance stands
 * @param firstByte of silence before an instance's answer begins
 * @param instanceIdle of silence within an instance's answer
 */
public record ChosenLimits(
        Optional<Integer> connections,
        Optional<Long> body,
        Optional<Duration> clientIdle,
        Optional<Duration> connect,
        Optional<Duration> firstByte,
        Optional<Duration> instanceIdle) {

    private static final Duration LONGEST = Duration.ofDays(1);

    public static ChosenLimits none() {
        return new ChosenLimits(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Everything that was chosen there, and the rest as here. */
    public ChosenLimits and(ChosenLimits other) {
        return new ChosenLimits(
                other.connections.or(() -> connections),
                other.body.or(() -> body),
                other.clientIdle.or(() -> clientIdle),
                other.connect.or(() -> connect),
                other.firstByte.or(() -> firstByte),
                other.instanceIdle.or(() -> instanceIdle));
    }

    Limits over(Limits usual) {
        Limits.Clients clients = usual.clients();
        Limits.Instances instances = usual.instances();
        return usual.withClientIdle(clientIdle.orElse(usual.clientIdle()))
                .withClients(new Limits.Clients(
                        connections.orElse(clients.connections()),
                        clients.headWithin(),
                        clients.fields(),
                        body.orElse(clients.body())))
                .withInstances(instances.within(
                        connect.orElse(instances.connect()),
                        firstByte.orElse(instances.firstByte()),
                        instanceIdle.orElse(instances.idle())));
    }

    /** Everything wrong with them, as sentences. */
    @JsonIgnore
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        connections
                .filter(count -> count < 1)
                .ifPresent(count -> problems.add("a router needs room for 1 connection or more, not for " + count));
        body.filter(bytes -> bytes < 0)
                .ifPresent(bytes -> problems.add("no body has " + bytes + " bytes: take 0 or more"));
        addProblem("the limit for idle clients", clientIdle, problems);
        addProblem("the limit for connecting to an instance", connect, problems);
        addProblem("the limit for an instance's first byte", firstByte, problems);
        addProblem("the limit for idle instances", instanceIdle, problems);
        return problems;
    }

    private static void addProblem(String what, Optional<Duration> limit, List<String> problems) {
        limit.filter(time -> time.toMillis() < 1 || time.compareTo(LONGEST) > 0)
                .ifPresent(time -> problems.add(what + " is from a millisecond to a day, not " + time));
    }
}
