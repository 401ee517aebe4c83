package dev.nonevent.pipeline.bluegreen.router.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RouteFileTest {

    @TempDir
    Path home;

    private RouteFile file;
    private Path current;
    private Path previous;

    @BeforeEach
    void name() {
        file = new RouteFile(home, "shop");
        current = home.resolve("route.json");
        previous = home.resolve("route.previous.json");
    }

    @Test
    void beforeTheFirstRouteThereIsNone() {
        assertThat(file.restore()).isEqualTo(Route.none());
    }

    @Test
    void whatWasKeptIsRestored() {
        file.keep(route(1));
        file.keep(route(2));

        assertThat(new RouteFile(home, "shop").restore()).isEqualTo(route(2));
    }

    @ParameterizedTest
    @MethodSource("admissions")
    void everyFieldOfARoutingIsRestored(Admission admission) {
        Route full = full(admission);

        file.keep(full);

        assertThat(new RouteFile(home, "shop").restore()).isEqualTo(full);
    }

    @Test
    void routeOfSeveralReplicasIsRestoredAndOneOfOneIsWrittenAsBefore() throws IOException {
        Target one = new Target(Colour.BLUE, "shop-1", URI.create("http://127.0.0.1:9001"));
        Target several = new Target(
                Colour.GREEN, "shop-2", URI.create("http://127.0.0.1:9002"), List.of(URI.create("http://[::1]:9003")));
        Route route = new Route(Routing.to(several).standby(one), 3, 4);

        file.keep(route);

        assertThat(new RouteFile(home, "shop").restore()).isEqualTo(route);
        assertThat(Files.readString(current))
                .contains("{\"colour\":\"BLUE\",\"deployment\":\"shop-1\",\"address\":\"http://127.0.0.1:9001\"}")
                .contains("\"address\":\"http://127.0.0.1:9002\",\"alsoAt\":[\"http://[::1]:9003\"]}");
    }

    @ParameterizedTest
    @MethodSource("admissions")
    void fullRoutingIsUsedWhenTheNewestIsTorn(Admission admission) throws IOException {
        Route full = full(admission);
        file.keep(full);
        file.keep(route(2));
        Files.writeString(current, "torn");

        assertThat(new RouteFile(home, "shop").restore()).isEqualTo(full);
    }

    @Test
    void routingThatCouldNotBeReadAgainIsNotKept() {
        file.keep(route(1));
        Target long1 = new Target(Colour.BLUE, "x".repeat(64 * 1024), URI.create("http://127.0.0.1:9001"));

        assertThatThrownBy(() -> file.keep(new Route(Routing.to(long1), 2, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too long to be kept");
        assertThat(file.restore()).isEqualTo(route(1));
    }

    @Test
    void tornAtAnyByteItIsTheRouteBefore() throws IOException {
        file.keep(route(1));
        file.keep(route(2));
        byte[] whole = Files.readAllBytes(current);

        for (int size = 0; size < whole.length - 1; size++) {
            Files.write(current, Arrays.copyOf(whole, size));

            assertThat(file.restore()).as("torn after %s bytes", size).isEqualTo(route(1));
        }
    }

    @Test
    void flippedBitIsNotBelieved() throws IOException {
        file.keep(route(1));
        file.keep(route(2));
        Files.writeString(current, Files.readString(current).replace("shop-2", "shop-3"));

        assertThat(file.restore()).isEqualTo(route(1));
    }

    @Test
    void lostFileIsTheRouteBefore() throws IOException {
        file.keep(route(1));
        file.keep(route(2));
        Files.delete(current);

        assertThat(file.restore()).isEqualTo(route(1));
    }

    @Test
    void tornFileNeverBecomesTheOneBefore() throws IOException {
        file.keep(route(1));
        file.keep(route(2));
        Files.writeString(current, "torn");

        file.keep(route(3));
        Files.delete(current);

        assertThat(file.restore()).isEqualTo(route(1));
    }

    @Test
    void bothTornIsNeverAnEmptyRoute() throws IOException {
        file.keep(route(1));
        file.keep(route(2));
        Files.writeString(current, "torn");
        Files.writeString(previous, "");

        assertThatThrownBy(() -> file.restore())
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("nobody knows where traffic was");
    }

    @Test
    void versionOfTheFutureIsRefused() throws IOException {
        file.keep(route(1));
        file.keep(route(2));
        Files.writeString(current, Files.readString(current).replace("\"version\":2", "\"version\":3"));

        assertThatThrownBy(() -> file.restore())
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("version 3");
    }

    @Test
    void routeOfAnotherApplicationIsRefused() {
        file.keep(route(1));

        assertThatThrownBy(() -> new RouteFile(home, "blog").restore())
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("belongs to shop");
    }

    @Test
    void routeThatCannotBeKeptSaysThatNobodyKnows() throws IOException {
        Files.createDirectory(home.resolve("route.next.json"));

        assertThatThrownBy(() -> file.keep(route(1))).isInstanceOf(TrafficUnknownException.class);
    }

    private static Route route(int number) {
        Target target = new Target(Colour.BLUE, "shop-" + number, URI.create("http://127.0.0.1:" + (9000 + number)));
        return new Route(Routing.to(target), number, number);
    }

    static Stream<Admission> admissions() {
        return Stream.of(
                new Admission.Open(),
                new Admission.Held(Duration.ofSeconds(7, 123_456_789), 1_000),
                new Admission.Stopped("\"Back\" at nine\n\u2028 \ud83d\ude00"));
    }

    private static Route full(Admission admission) {
        Target[] targets = new Target[4];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = route(i + 1).active().orElseThrow();
        }
        Canary canary = Canary.of(targets[1], 25).stickyBy("side").alsoFor("X-Tester", "yes, \"please\"");
        return new Route(
                Routing.to(targets[0])
                        .canary(canary)
                        .standby(targets[2])
                        .preview(targets[3])
                        .admission(admission),
                8,
                9);
    }
}
