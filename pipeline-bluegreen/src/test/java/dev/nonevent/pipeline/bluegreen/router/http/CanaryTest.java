package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A part of the users, on real sockets. */
@Timeout(60)
class CanaryTest {

    @TempDir
    Path home;

    private Traffic traffic;
    private RawInstance stable;
    private RawInstance fresh;

    @BeforeEach
    void open() throws Exception {
        traffic = Router.inThisJvm(0).open("shop", home);
        stable = RawInstance.answering("stable");
        fresh = RawInstance.answering("canary");
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
        stable.close();
        fresh.close();
    }

    @Test
    void tenPercentOfAThousandRequestsAreAHundred() throws Exception {
        split(canary(10));
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> users = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            users.add(new Thread(() -> ask(250, failures)));
        }

        users.forEach(Thread::start);
        for (Thread user : users) {
            user.join();
        }

        assertThat(failures).isEmpty();
        assertThat(fresh.requests).hasSize(100);
        assertThat(stable.requests).hasSize(900);
        assertThat(traffic.counts()).extracting(Counts::requests).containsExactlyInAnyOrder(900L, 100L);
    }

    @Test
    void growingTheShareKeepsConnectionsToBothInstances() throws Exception {
        try (RawClient client = client()) {
            for (int percent : new int[] {10, 20, 40, 80}) {
                split(canary(percent));
                for (int i = 0; i < 100; i++) {
                    client.get("/");
                }
            }

            assertThat(fresh.requests).hasSize(150);
            assertThat(fresh.connections).hasValue(1);
            assertThat(stable.connections).hasValue(1);
        }
    }

    @Test
    void requestWithTheHeaderGoesToTheCanary() throws Exception {
        split(canary(0).alsoFor("X-Tester", "yes"));
        try (RawClient client = client()) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\nx-tester: yes\r\n\r\n");
            assertThat(client.read().body()).isEqualTo("canary");
            client.send("GET / HTTP/1.1\r\nHost: shop\r\nX-Tester: no\r\n\r\n");
            assertThat(client.read().body()).isEqualTo("stable");
            assertThat(client.get("/").body()).isEqualTo("stable");
        }
    }

    @Test
    void userStaysWhereTheFirstRequestWent() throws Exception {
        split(canary(50).stickyBy("side"));
        try (RawClient client = client()) {
            for (int user = 0; user < 20; user++) {
                RawClient.Message first = client.get("/");
                String cookie = cookie(first);
                for (int i = 0; i < 5; i++) {
                    RawClient.Message next = withCookie(client, cookie);

                    assertThat(next.body()).isEqualTo(first.body());
                    assertThat(next.headers()).doesNotContainKey("set-cookie");
                }
            }
            assertThat(stable.requests).hasSize(60);
            assertThat(fresh.requests).hasSize(60);
        }
    }

    @Test
    void userOfTheCanaryStaysWhenItIsTheOnlyOne() throws Exception {
        split(canary(50).stickyBy("side"));
        try (RawClient client = client()) {
            List<String> cookies = List.of(cookie(client.get("/")), cookie(client.get("/")));

            traffic.switchTo(fresh.target("shop-2"), 1);

            for (String cookie : cookies) {
                RawClient.Message answer = withCookie(client, cookie);
                assertThat(answer.body()).isEqualTo("canary");
                assertThat(answer.headers()).doesNotContainKey("set-cookie");
            }
        }
    }

    @Test
    void cookieStandsBesideTheInstancesOwnAndIsPassedOnToIt() throws Exception {
        try (RawInstance baker = new RawInstance(line -> {
                    while (true) {
                        line.read();
                        line.say("HTTP/1.1 200 OK\r\nSet-Cookie: session=1\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                RawClient client = client()) {
            traffic.switchTo(
                    Routing.to(baker.target("shop-1"))
                            .canary(Canary.of(baker.target("shop-2"), 50).stickyBy("side")),
                    1);

            String both = client.get("/").headers().get("set-cookie");
            withCookie(client, "session=1; side=x");

            assertThat(both).matches("session=1, side=[0-9a-f]{18}; Path=/; HttpOnly; SameSite=Lax");
            assertThat(baker.requests.get(1).headers()).containsEntry("cookie", "session=1; side=x");
        }
    }

    @Test
    void nobodyIsTiedToACanaryThatDidNotAnswer() throws Exception {
        try (RawInstance broken = new RawInstance(line -> line.read());
                RawClient client = client()) {
            traffic.switchTo(
                    Routing.to(stable.target("shop-1"))
                            .canary(Canary.of(broken.target("shop-2"), 99).stickyBy("side")),
                    1);

            RawClient.Message answer = client.get("/");

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.headers()).doesNotContainKey("set-cookie");
        }
    }

    // --- the world

    private Canary canary(int percent) {
        return Canary.of(fresh.target("shop-2"), percent);
    }

    private void split(Canary canary) {
        traffic.switchTo(Routing.to(stable.target("shop-1")).canary(canary), 1);
    }

    private RawClient client() throws IOException {
        return new RawClient(traffic.address());
    }

    private void ask(int requests, Queue<Throwable> failures) {
        try (RawClient client = client()) {
            for (int i = 0; i < requests; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
        } catch (IOException | AssertionError e) {
            failures.add(e);
        }
    }

    private static RawClient.Message withCookie(RawClient client, String cookie) throws IOException {
        return client.send("GET / HTTP/1.1\r\nHost: shop\r\nCookie: " + cookie + "\r\n\r\n")
                .read();
    }

    private static String cookie(RawClient.Message answer) {
        String set = answer.headers().get("set-cookie");
        return set.substring(0, set.indexOf(';'));
    }
}
