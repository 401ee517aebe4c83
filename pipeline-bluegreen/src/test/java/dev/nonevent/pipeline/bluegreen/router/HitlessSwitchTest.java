package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Switches under fire: clients that never repeat anything see no failure, and nobody sees an old side again. */
@Timeout(120)
class HitlessSwitchTest {

    private static final int CLIENTS = 16;
    private static final int SWITCHES = 30;
    private static final int ANSWERS_BETWEEN_SWITCHES = 200;

    @TempDir
    Path home;

    private final List<RawInstance> instances = new ArrayList<>();
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong answers = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    /** The instance whose switch has returned last. */
    private final AtomicInteger current = new AtomicInteger();

    @AfterEach
    void close() throws IOException {
        over.set(true);
        for (RawInstance instance : instances) {
            instance.close();
        }
    }

    @Test
    void noRequestFailsAndNoneReachesTheOldSideAfterTheSwitchReturned() throws Exception {
        for (int n = 0; n <= SWITCHES; n++) {
            instances.add(instance(n));
        }
        Traffic traffic = Router.inThisJvm(0).open("shop", home);
        traffic.switchTo(instances.get(0).target("shop-0"), 1);
        ask(traffic.address());

        for (int n = 1; n <= SWITCHES; n++) {
            awaitAnswers((long) n * ANSWERS_BETWEEN_SWITCHES);
            traffic.switchTo(instances.get(n).target("shop-" + n), n);
            current.set(n);
            Drained drained = traffic.drain("shop-" + (n - 1), Duration.ofSeconds(10));
            assertThat(drained.cut()).isZero();
        }
        awaitAnswers((long) (SWITCHES + 1) * ANSWERS_BETWEEN_SWITCHES);
        over.set(true);
        for (Thread client : clients) {
            client.join(TimeUnit.SECONDS.toMillis(30));
        }

        assertThat(failures).isEmpty();
        assertThat(traffic.counts()).allMatch(count -> count.failed() == 0 && count.inFlight() == 0);
        assertThat(instances.stream()
                        .mapToLong(instance -> instance.requests.size())
                        .sum())
                .isEqualTo(answers.get());
        traffic.shutDown(Long.MAX_VALUE);
    }

    /** Answers with its number and what it was sent. */
    private static RawInstance instance(int number) throws IOException {
        return new RawInstance(line -> {
            while (true) {
                line.answer(number + " " + line.read().body());
            }
        });
    }

    private void ask(URI address) {
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            Thread client = new Thread(() -> ask(address, number), "client " + i);
            clients.add(client);
            client.start();
        }
    }

    private void ask(URI address, int number) {
        try (RawClient client = new RawClient(address)) {
            for (int i = 0; !over.get(); i++) {
                int oldestAllowed = current.get();
                String body = i % 2 == 0 ? "" : number + "-" + i;
                client.send(i % 2 == 0 ? get() : post(body));
                RawClient.Message answer = client.read();
                int answeredBy = Integer.parseInt(answer.body().split(" ", 2)[0]);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(answeredBy + " " + body);
                assertThat(answeredBy).isGreaterThanOrEqualTo(oldestAllowed);
                answers.incrementAndGet();
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            failures.add(e.toString());
            over.set(true);
        }
    }

    private static String get() {
        return "GET / HTTP/1.1\r\nHost: shop\r\n\r\n";
    }

    private static String post(String body) {
        return "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private void awaitAnswers(long wanted) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (answers.get() < wanted && !over.get()) {
            assertThat(never.await(1, TimeUnit.MILLISECONDS)).isFalse();
        }
    }
}
