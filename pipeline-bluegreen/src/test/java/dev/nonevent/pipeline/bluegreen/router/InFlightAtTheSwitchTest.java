package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that take two seconds, and are in flight when users are switched away from their instance. */
@Timeout(120)
class InFlightAtTheSwitchTest {

    private static final int CLIENTS = 20;
    private static final Duration WORK = Duration.ofSeconds(2);

    @TempDir
    Path home;

    private final CountDownLatch arrived = new CountDownLatch(CLIENTS);
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<RawClient> clients = new ArrayList<>();
    private Traffic traffic;

    enum Form {
        IN_THIS_JVM(Router.inThisJvm(0)),
        A_PROCESS(Router.router(0));

        private final TrafficSwitcher switcher;

        Form(TrafficSwitcher switcher) {
            this.switcher = switcher;
        }
    }

    @AfterEach
    void close() throws Exception {
        over.countDown();
        for (RawClient client : clients) {
            client.close();
        }
        traffic.shutDown(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @EnumSource
    void areAllAnsweredByTheOldSide(Form router) throws Exception {
        traffic = router.switcher.open("shop", home);
        try (RawInstance old = workingFor(WORK);
                RawInstance next = RawInstance.answering("new")) {
            traffic.switchTo(old.target("shop-1"), 1);
            ask();

            traffic.switchTo(next.target("shop-2"), 1);
            Drained drained = traffic.drain("shop-1", Duration.ofSeconds(20));

            for (RawClient client : clients) {
                RawClient.Message answer = client.read();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("done");
                // its connection is as good as before
                assertThat(client.get("/").body()).isEqualTo("new");
            }
            assertThat(drained.finished()).isEqualTo(CLIENTS);
            assertThat(drained.cut()).isZero();
            assertThat(drained.took()).isLessThan(Duration.ofSeconds(10));
        }
    }

    @ParameterizedTest
    @EnumSource
    void areCutAndCountedAtTheDeadline(Form router) throws Exception {
        traffic = router.switcher.open("shop", home);
        Duration deadline = Duration.ofMillis(200);
        try (RawInstance old = workingFor(Duration.ofMinutes(1));
                RawInstance next = RawInstance.answering("new")) {
            traffic.switchTo(old.target("shop-1"), 1);
            ask();

            traffic.switchTo(next.target("shop-2"), 1);
            Drained drained = traffic.drain("shop-1", deadline);

            for (RawClient client : clients) {
                assertThat(client.read().status()).isEqualTo(504);
                assertThat(client.get("/").body()).isEqualTo("new");
            }
            assertThat(drained.finished()).isZero();
            assertThat(drained.cut()).isEqualTo(CLIENTS);
            assertThat(drained.took()).isBetween(deadline, Duration.ofSeconds(6));
            assertThat(traffic.counts().get(0).failed()).isEqualTo(CLIENTS);
        }
    }

    private void ask() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            RawClient client = new RawClient(traffic.address());
            clients.add(client);
            client.send("GET /" + i + " HTTP/1.1\r\nHost: shop\r\n\r\n");
        }
        assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Answers once it has worked so long, which nobody can hurry. */
    private RawInstance workingFor(Duration time) throws IOException {
        return new RawInstance(line -> {
            line.read();
            arrived.countDown();
            try {
                if (!over.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                    line.answer("done");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
    }
}
