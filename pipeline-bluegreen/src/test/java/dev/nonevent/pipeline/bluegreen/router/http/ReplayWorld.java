package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A new release in front of users, and a stable one that stands by. */
@Timeout(60)
abstract class ReplayWorld {

    @TempDir
    Path home;

    final TrafficSwitcher switcher = Router.inThisJvm(0);
    Traffic traffic;
    RawInstance stable;

    @BeforeEach
    void open() throws Exception {
        traffic = switcher.open("shop", home);
        stable = RawInstance.answering("stable");
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
        stable.close();
    }

    static RawInstance saying(String answer) throws IOException {
        return new RawInstance(line -> {
            while (true) {
                line.read();
                line.say(answer);
            }
        });
    }

    static URI nobodyThere() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    RawClient client(RawInstance fresh) throws IOException {
        return client(fresh, stable);
    }

    RawClient client(RawInstance fresh, RawInstance old) throws IOException {
        traffic.switchTo(Routing.to(fresh.target("fresh")).standby(old.target("stable")), 1);
        return new RawClient(traffic.address());
    }

    Counts counts(String deployment) {
        return traffic.counts().stream()
                .filter(counts -> counts.deployment().equals(deployment))
                .findFirst()
                .orElseThrow();
    }

    static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("it never came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
