package dev.nonevent.pipeline.bluegreen.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.haproxy.HaproxySwitcher;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A proxy as a process of the application's own. */
@NeedsProxy("haproxy")
@Timeout(60)
class OwnProxyTest {

    @TempDir
    Path home;

    @Test
    void oneThatWasKilledIsStartedAgainWithTheSameRouteAndPort() throws Exception {
        Traffic traffic = HaproxySwitcher.haproxy(0).open("shop", home);
        try (RawInstance instance = RawInstance.answering("shop-1")) {
            Route route = traffic.switchTo(instance.target("shop-1"), 4);
            URI address = traffic.address();
            String identity = Files.readString(home.resolve("haproxy.process"));
            ProcessHandle process = ProcessHandle.of(Long.parseLong(identity.substring(0, identity.indexOf('@'))))
                    .orElseThrow();
            process.destroyForcibly();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
            assertThat(HaproxySwitcher.haproxy(0).find("shop", home)).isEmpty();

            Traffic again = HaproxySwitcher.haproxy(0).open("shop", home);

            assertThat(again.route()).isEqualTo(route);
            assertThat(again.address()).isEqualTo(address);
            try (RawClient client = new RawClient(address)) {
                assertThat(client.get("/").body()).isEqualTo("shop-1");
            }
            again.shutDown(Long.MAX_VALUE);
        }
    }
}
