package dev.nonevent.pipeline.bluegreen.router.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
