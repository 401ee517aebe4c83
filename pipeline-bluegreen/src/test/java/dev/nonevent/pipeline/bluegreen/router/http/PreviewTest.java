package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who comes in by the private address sees what no user sees. */
@Timeout(60)
class PreviewTest {

    @TempDir
    Path home;

    private Traffic traffic;
    private RawInstance users;
    private RawInstance next;

    @BeforeEach
    void open() throws Exception {
        traffic = Router.inThisJvm(0).bind("0.0.0.0").preview(0).open("shop", home);
        users = RawInstance.answering("for users");
        next = RawInstance.answering("next");
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
        users.close();
        next.close();
    }

    @Test
    void previewIsSeenAtItsAddressAndNowhereElse() throws Exception {
        put(Routing.to(users.target("shop-1")).preview(next.target("shop-2")));

        assertThat(get(preview()).body()).isEqualTo("next");
        assertThat(get(traffic.address()).body()).isEqualTo("for users");
    }

    @Test
    void previewIsOnTheLoopbackWhereverUsersComeIn() {
        assertThat(preview().getHost()).isEqualTo("127.0.0.1");
        assertThat(preview().getPort()).isNotEqualTo(traffic.address().getPort());
    }

    @Test
    void previewIsInNoCount() throws Exception {
        put(Routing.to(users.target("shop-1")).preview(users.target("shop-1")));

        get(preview());
        get(traffic.address());

        assertThat(traffic.counts()).singleElement().returns(1L, Counts::requests);
    }

    @Test
    void withoutAPreviewItSaysSo() throws Exception {
        put(Routing.to(users.target("shop-1")).preview(next.target("shop-2")));
        put(traffic.route().routing().withoutPreview());

        RawClient.Message answer = get(preview());

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).startsWith("no release is there to be previewed");
    }

    @Test
    void previewIsOpenWhileUsersAreNotLetIn() throws Exception {
        put(Routing.to(users.target("shop-1"))
                .preview(next.target("shop-2"))
                .admission(new Admission.Stopped("later")));

        assertThat(get(preview()).body()).isEqualTo("next");
        assertThat(get(traffic.address()).status()).isEqualTo(503);
    }

    @Test
    void whatFailsInThePreviewIsNotAnsweredByTheStandby() throws Exception {
        Target nobody = new Target(Colour.GREEN, "shop-2", URI.create("http://127.0.0.1:1"));
        put(Routing.to(users.target("shop-1")).standby(next.target("shop-0")).preview(nobody));

        assertThat(get(preview()).status()).isEqualTo(502);
        assertThat(next.requests).isEmpty();
    }

    @Test
    void whatIsInFlightInAFormerPreviewIsDrained() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawInstance slow = new RawInstance(line -> {
            line.read();
            arrived.countDown();
            await(go);
            line.answer("late");
        })) {
            put(Routing.to(users.target("shop-1")).preview(slow.target("shop-2")));
            CompletableFuture<RawClient.Message> answer = CompletableFuture.supplyAsync(() -> read(preview()));
            assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
            put(Routing.to(users.target("shop-1")));

            CompletableFuture<Drained> drained = CompletableFuture.supplyAsync(this::drain);
            assertThat(drained).isNotDone();
            go.countDown();

            assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("late");
            assertThat(drained.get(20, TimeUnit.SECONDS).cut()).isZero();
        }
    }

    @Test
    void restartedRouterHasThePreviewAtTheSameAddress() throws Exception {
        URI before = preview();
        traffic.shutDown(1);

        traffic = Router.inThisJvm(0).preview(0).open("shop", home);

        assertThat(preview()).isEqualTo(before);
    }

    @Test
    void routerWithoutAPreviewRefusesARoutingWithOne(@TempDir Path other) throws Exception {
        Router router = Router.inThisJvm(0);
        Traffic without = router.open("shop", other);

        assertThatThrownBy(() ->
                        without.switchTo(Routing.to(users.target("shop-1")).preview(next.target("shop-2")), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("declare one with preview(8001)");
        assertThat(without.route()).isEqualTo(Route.none());
        assertThat(without.preview()).isEmpty();
        assertThat(router.capabilities()).doesNotContain(Capability.PREVIEW);
        assertThat(router.preview(0).capabilities()).contains(Capability.PREVIEW);
        without.shutDown(1);
    }

    @Test
    void portThatIsTakenEndsTheRouterBeforeItBegan(@TempDir Path other) throws Exception {
        Router router = Router.inThisJvm(0);

        assertThatThrownBy(() -> router.preview(preview().getPort()).open("shop", other))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + preview().getPort());

        router.open("shop", other).shutDown(1);
    }

    @Test
    void usersAndThePreviewCannotShareAPort() {
        assertThat(Router.router(8000).preview(8000).problems())
                .containsExactly("users and the preview cannot share port 8000: give the preview another one");
        assertThat(Router.router(8000).preview(8001).problems()).isEmpty();
        assertThat(Router.router(0).preview(0).problems()).isEmpty();
    }

    // --- the world

    private void put(Routing routing) {
        traffic.switchTo(routing, 1);
    }

    private URI preview() {
        Optional<URI> there = traffic.preview();
        return there.orElseThrow();
    }

    private static RawClient.Message get(URI address) throws IOException {
        try (RawClient client = new RawClient(address)) {
            return client.get("/");
        }
    }

    private static RawClient.Message read(URI address) {
        try {
            return get(address);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Drained drain() {
        try {
            return traffic.drain("shop-2", Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("nobody said go");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
