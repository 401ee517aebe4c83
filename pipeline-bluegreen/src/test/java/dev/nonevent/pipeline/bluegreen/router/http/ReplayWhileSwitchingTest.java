package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is failed while users are moved, and what is drained then. */
class ReplayWhileSwitchingTest extends ReplayWorld {

    @Test
    void requestThatWasWithTheReleaseThatUsersLeftIsAnsweredByTheOneTheyWentBackTo() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch fail = new CountDownLatch(1);
        try (RawInstance fresh = new RawInstance(line -> {
                    line.read();
                    asked.countDown();
                    await(fail);
                    line.say("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                });
                RawClient client = client(fresh)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            await(asked);

            traffic.switchTo(stable.target("stable"), 1);
            fail.countDown();

            assertThat(client.read().body()).isEqualTo("stable");
            assertThat(counts("fresh").replayed()).isEqualTo(1);
        }
    }

    @Test
    void requestOfTheReleaseThatIsTrustedNoMoreIsNotTriedOnTheOneAfterIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch fail = new CountDownLatch(1);
        try (RawInstance fresh = new RawInstance(line -> {
                    line.read();
                    asked.countDown();
                    await(fail);
                    line.say("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nnono");
                });
                RawInstance next = RawInstance.answering("next");
                RawClient client = client(fresh)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            await(asked);

            traffic.switchTo(next.target("next"), 1);
            fail.countDown();

            assertThat(client.read().body()).isEqualTo("nono");
            assertThat(next.requests).isEmpty();
        }
    }

    @Test
    void drainOfTheFailedSideDoesNotWaitForTheStandby() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawInstance fresh = saying("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                RawInstance slow = new RawInstance(line -> {
                    line.read();
                    asked.countDown();
                    await(go);
                    line.answer("slow but sure");
                });
                RawClient client = client(fresh, slow)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            await(asked);

            traffic.switchTo(slow.target("stable"), 1);
            Drained drained = traffic.drain("fresh", Duration.ZERO);
            go.countDown();

            assertThat(drained.cut()).isZero();
            assertThat(client.read().body()).isEqualTo("slow but sure");
        }
    }

    @Test
    void whatDrainingCutsIsNotReplayed() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (RawInstance fresh = new RawInstance(line -> {
                    line.read();
                    asked.countDown();
                    await(end);
                });
                RawClient client = client(fresh)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            await(asked);

            traffic.switchTo(stable.target("stable"), 1);
            Drained drained = traffic.drain("fresh", Duration.ZERO);

            assertThat(drained.cut()).isEqualTo(1);
            assertThat(client.read().status()).isEqualTo(504);
            end.countDown();
        }
    }
}
