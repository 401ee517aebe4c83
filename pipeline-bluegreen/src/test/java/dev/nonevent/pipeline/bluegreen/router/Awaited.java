package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What comes about at some time, and fails the test if it does not within 20 seconds. */
final class Awaited {

    private Awaited() {}

    static void answer(URI address, String body) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (RawClient client = new RawClient(address)) {
                assertThat(client.get("/").body()).isEqualTo(body);
                return;
            } catch (IOException nobodyYet) {
                assertThat(System.nanoTime()).isLessThan(until);
            }
        }
    }

    static Traffic router(Path home) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            Optional<Traffic> found = Router.router(0).find("shop", home);
            if (found.isPresent()) {
                return found.get();
            }
            assertThat(System.nanoTime()).isLessThan(until);
        }
    }
}
