package dev.nonevent.pipeline.bluegreen.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a {@link TrafficSwitcher} promises with each {@link Capability} that it names; what it does not name is not asked for.
 * Extend it beside {@link TrafficSwitcherContract}, name the switcher, and pass.
 */
@Timeout(60)
public abstract class TrafficCapabilitiesContract extends TrafficWorld {

    private static final Admission HELD = new Admission.Held(Duration.ofSeconds(30), 10);

    @Test
    void userOfACanaryStaysWhereTheFirstRequestWent() throws Exception {
        needs(Capability.STICKY);
        Traffic traffic = open();
        Target stable = instance(Colour.BLUE, "shop-1");
        Target canary = instance(Colour.GREEN, "shop-2");
        traffic.switchTo(Routing.to(stable).canary(Canary.of(canary, 50).stickyBy("side")), 1);

        for (int user = 0; user < 10; user++) {
            HttpResponse<String> first = ask(traffic.address());
            String set = first.headers().firstValue("set-cookie").orElseThrow();
            String cookie = set.substring(0, set.indexOf(';'));
            for (int i = 0; i < 4; i++) {
                assertThat(ask(traffic.address(), "Cookie", cookie).body()).isEqualTo(first.body());
            }
        }
    }

    @Test
    void requestWithTheHeaderGoesToTheCanaryWhateverThePercentage() throws Exception {
        needs(Capability.HEADERS);
        Traffic traffic = open();
        Target stable = instance(Colour.BLUE, "shop-1");
        Target canary = instance(Colour.GREEN, "shop-2");
        traffic.switchTo(Routing.to(stable).canary(Canary.of(canary, 0).alsoFor("X-Tester", "yes")), 1);

        assertThat(ask(traffic.address(), "x-tester", "yes").body()).isEqualTo("shop-2");
        assertThat(ask(traffic.address(), "X-Tester", "yes!").body()).isEqualTo("shop-1");
        assertThat(ask(traffic.address()).body()).isEqualTo("shop-1");
    }

    @Test
    void heldRequestIsAnsweredByTheTargetThatIsThereWhenItIsLetIn() throws Exception {
        needs(Capability.HOLD);
        Traffic traffic = open();
        traffic.switchTo(Routing.to(instance(Colour.BLUE, "shop-1")).admission(HELD), 1);
        CompletableFuture<HttpResponse<String>> held =
                users.sendAsync(request(traffic.address()), HttpResponse.BodyHandlers.ofString());
        Target next = instance(Colour.GREEN, "shop-2");

        traffic.switchTo(Routing.to(next).admission(HELD), 1);
        traffic.switchTo(Routing.to(next), 1);

        assertThat(held.get(20, TimeUnit.SECONDS).body()).isEqualTo("shop-2");
    }

    @Test
    void whoIsHeldTooLongIsToldToComeAgain() throws Exception {
        needs(Capability.HOLD);
        Traffic traffic = open();
        Admission shortly = new Admission.Held(Duration.ofMillis(50), 10);
        traffic.switchTo(Routing.to(instance(Colour.BLUE, "shop-1")).admission(shortly), 1);

        HttpResponse<String> answer = ask(traffic.address());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).isPresent();
    }

    @Test
    void usersOfStoppedTrafficReadTheMessageUntilItIsOpened() throws Exception {
        needs(Capability.STOP);
        Traffic traffic = open();
        Routing open = Routing.to(instance(Colour.BLUE, "shop-1"));
        traffic.switchTo(open, 1);

        traffic.switchTo(traffic.route().routing().admission(new Admission.Stopped("back at <nine>")), 1);
        HttpResponse<String> program = ask(traffic.address());
        HttpResponse<String> browser = ask(traffic.address(), "Accept", "text/html");
        traffic.switchTo(traffic.route().routing().admission(new Admission.Open()), 1);

        assertThat(program.statusCode()).isEqualTo(503);
        assertThat(program.body()).contains("back at <nine>");
        assertThat(browser.statusCode()).isEqualTo(503);
        assertThat(browser.body()).contains("back at &lt;nine&gt;").doesNotContain("<nine>");
        assertThat(ask(traffic.address()).body()).isEqualTo("shop-1");
        assertThat(traffic.route().routing()).isEqualTo(open);
    }

    @Test
    void previewIsSeenAtItsAddressAndByNoUser() throws Exception {
        needs(Capability.PREVIEW);
        Traffic traffic = open();
        Target stable = instance(Colour.BLUE, "shop-1");
        Target next = instance(Colour.GREEN, "shop-2");

        traffic.switchTo(Routing.to(stable).preview(next), 1);

        URI preview = traffic.preview().orElseThrow();
        assertThat(ask(preview).body()).isEqualTo("shop-2");
        assertThat(ask(traffic.address()).body()).isEqualTo("shop-1");
        assertThat(traffic.counts()).noneMatch(counts -> counts.deployment().equals("shop-2"));
        traffic.switchTo(Routing.to(stable), 1);
        assertThat(ask(preview).statusCode()).isEqualTo(503);
    }

    @Test
    void requestsAreSpreadOverTheReplicasOfATarget() throws Exception {
        needs(Capability.REPLICAS);
        Traffic traffic = open();
        Target replicas = replicas("shop-1", 3);

        Route route = traffic.switchTo(Routing.to(replicas), 1);

        assertThat(route.active()).contains(replicas);
        assertThat(switcher.find(APPLICATION, home).orElseThrow().route()).isEqualTo(route);
        List<String> answers = answers(traffic, 90);
        for (URI each : replicas.addresses()) {
            assertThat(Collections.frequency(answers, "" + each.getPort()))
                    .as("of 90")
                    .isBetween(18, 42);
        }
        assertThat(countsOf(traffic, "shop-1", 90).failed()).isZero();
    }

    @Test
    void replicaThatTakesNoConnectionCostsNobodyAnAnswer() throws Exception {
        needs(Capability.REPLICAS);
        Traffic traffic = open();
        Target one = replicas("shop-1", 1);
        traffic.switchTo(new Target(Colour.BLUE, "shop-1", nobodyThere(), List.of(one.address())), 1);

        for (int i = 0; i < 10; i++) {
            assertThat(get(traffic).body()).isEqualTo("" + one.address().getPort());
            assertThat(ended(postSlowly(traffic))).isEqualTo("200");
        }

        assertThat(countsOf(traffic, "shop-1", 20).failed()).isZero();
    }

    private Target replicas(String deployment, int count) throws IOException {
        List<URI> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(instance(Colour.BLUE, deployment, address -> "" + address.getPort())
                    .address());
        }
        return new Target(Colour.BLUE, deployment, addresses.get(0), addresses.subList(1, count));
    }

    private static URI nobodyThere() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + closed.getLocalPort());
        }
    }

    @Test
    void everyRoleOfARoutingIsReadBackAndKeepsItsDeploymentFromBeingDrained() throws Exception {
        for (Capability each : Capability.values()) {
            needs(each);
        }
        Traffic traffic = open();
        Target active = instance(Colour.BLUE, "shop-1");
        Target next = instance(Colour.GREEN, "shop-2");
        Routing all = Routing.to(active)
                .canary(Canary.of(next, 10).stickyBy("side").alsoFor("X-Tester", "yes"))
                .standby(new Target(Colour.BLUE, "shop-3", active.address()))
                .preview(new Target(Colour.GREEN, "shop-4", next.address()))
                .admission(HELD);

        Route route = traffic.switchTo(all, 7);

        assertThat(route.routing()).isEqualTo(all);
        assertThat(switcher.find(APPLICATION, home).orElseThrow().route()).isEqualTo(route);
        for (Target target : all.targets()) {
            assertThatThrownBy(() -> traffic.drain(target.deployment(), Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(target.deployment());
        }
    }

    private HttpResponse<String> ask(URI address, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return users.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
