package dev.nonevent.pipeline.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.nonevent.pipeline.bluegreen.proxy.NeedsProxy;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where nobody can know what HAProxy does, nothing is taken for permission. */
@NeedsProxy("haproxy")
@Timeout(60)
class HaproxyHoldsTest {

    @TempDir
    Path home;

    @TempDir
    Path elsewhere;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private UsersHaproxy haproxy;
    private AdminSocket admin;
    private Traffic traffic;

    @BeforeEach
    void open() throws Exception {
        haproxy = new UsersHaproxy(elsewhere);
        opened.add(haproxy);
        admin = new AdminSocket(haproxy.adminSocket, TimeSource.system());
        traffic = haproxy.switcher().open("shop", home);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void mapThatWasEmptiedUnderUsersIsNoBeginning() throws Exception {
        traffic.switchTo(instance("shop-1"), 1);
        Files.writeString(haproxy.map, "");

        assertThatThrownBy(() -> haproxy.switcher().open("shop", home))
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("was emptied, but the running HAProxy goes by")
                .hasMessageContaining("put the file back");
        assertThatThrownBy(() -> haproxy.switcher().find("shop", home)).isInstanceOf(TrafficUnknownException.class);
        Files.delete(haproxy.map);
        assertThatThrownBy(() -> haproxy.switcher().find("shop", home)).isInstanceOf(TrafficUnknownException.class);

        assertThat(get()).isEqualTo("shop-1");
    }

    @Test
    void socketWithoutAdminLevelIsRefusedBeforeAnythingIsChanged() throws Exception {
        Path configuration = elsewhere.resolve("haproxy.cfg");
        haproxy.kill();
        Files.writeString(configuration, Files.readString(configuration).replace("level admin", "level operator"));
        Files.writeString(haproxy.map, "");
        haproxy.start();

        assertThatThrownBy(() -> haproxy.switcher().open("shop", home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("has level operator")
                .hasMessageContaining("write \"level admin\" behind it");

        assertThat(haproxy.map).isEmptyFile();
    }

    @Test
    void serverThatSomebodyHasSetToAnAddressIsFoundOut() throws Exception {
        traffic.switchTo(instance("shop-1"), 1);
        admin.ask("set server nonevent/side1 addr 127.0.0.9 port 9");

        assertThatThrownBy(traffic::route)
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("nonevent/side1")
                .hasMessageContaining("reload HAProxy");
        haproxy.reload();

        assertThat(traffic.route().active()).map(Target::deployment).contains("shop-1");
    }

    @Test
    void drainDoesNotCutUsersWhoWereSentBack() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        RawInstance slow = new RawInstance(line -> {
            line.read();
            arrived.countDown();
            await(go);
            line.answer("slow");
        });
        opened.add(slow);
        Target first = slow.target("shop-1");
        traffic.switchTo(first, 1);
        CompletableFuture<String> answer = async(this::get);
        await(arrived);
        traffic.switchTo(instance("shop-2"), 1);

        CompletableFuture<Drained> drain = async(() -> traffic.drain("shop-1", Duration.ofSeconds(2)));
        traffic.switchTo(first, 1);

        assertThatThrownBy(() -> drain.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shop-1 is where users are sent");
        go.countDown();
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("slow");
    }

    @Test
    void countsThatCannotBeReadKeepNobodyFromBeingSentBack() throws Exception {
        traffic.switchTo(instance("shop-1"), 1);
        Files.writeString(home.resolve("counts.json"), "nonsense");

        traffic.switchTo(instance("shop-2"), 1);

        assertThat(get()).isEqualTo("shop-2");
        assertThatThrownBy(traffic::counts)
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("remove the file, and they begin anew");
    }

    @Test
    void failuresThatSomebodyHasClearedAreNotTakenBack() throws Exception {
        RawInstance broken = new RawInstance(line -> {
            while (true) {
                boolean bad = line.read().firstLine().contains("/bad");
                line.say("HTTP/1.1 " + (bad ? "500 No" : "200 OK") + "\r\nContent-Length: 0\r\n\r\n");
            }
        });
        opened.add(broken);
        traffic.switchTo(broken.target("shop-1"), 1);
        ask("/bad");
        ask("/bad");
        assertThat(counts("shop-1").failed()).isEqualTo(2);

        admin.tell("clear counters all");
        ask("/");
        ask("/");
        ask("/");

        assertThat(counts("shop-1").failed()).isEqualTo(2);
        assertThat(counts("shop-1").requests()).isEqualTo(5);
    }

    @Test
    void addressThatIsNoMachineIsRefusedAndNothingIsChanged() throws Exception {
        Target first = instance("shop-1");
        traffic.switchTo(first, 1);
        String file = Files.readString(haproxy.map);

        for (String host : List.of("0.0.0.0", "[::]", "[fe80::1%25lo]", "239.1.1.1", "no-such-host.invalid")) {
            Target odd = new Target(Colour.GREEN, "shop-2", URI.create("http://" + host + ":80"));
            assertThatThrownBy(() -> traffic.switchTo(odd, 1))
                    .as(host)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("shop-2");
        }

        assertThat(Files.readString(haproxy.map)).isEqualTo(file);
        assertThat(traffic.route().active()).contains(first);
    }

    @Test
    void namesThatMakeALineTooLongAreRefusedByTheirBytes() throws Exception {
        Target first = instance("shop-1");
        traffic.switchTo(first, 1);
        Target wordy = instance("\u00e4".repeat(4_500));

        assertThatThrownBy(() -> traffic.switchTo(wordy, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too long");

        assertThat(traffic.route().active()).contains(first);
    }

    @Test
    void instanceWithAnAddressOfIpv6GetsUsers() throws Exception {
        assumeTrue(NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null, "no IPv6 on the loopback");
        HttpServer server = HttpServer.create(new InetSocketAddress("::1", 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write("six".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        opened.add(() -> server.stop(0));

        traffic.switchTo(
                new Target(
                        Colour.BLUE,
                        "shop-6",
                        URI.create("http://[::1]:" + server.getAddress().getPort())),
                1);

        assertThat(get()).isEqualTo("six");
        assertThat(counts("shop-6").requests()).isEqualTo(1);
    }

    private Counts counts(String deployment) {
        return traffic.counts().stream()
                .filter(counts -> counts.deployment().equals(deployment))
                .findFirst()
                .orElseThrow();
    }

    private Target instance(String deployment) throws IOException {
        RawInstance instance = RawInstance.answering(deployment);
        opened.add(instance);
        return instance.target(deployment);
    }

    private String get() throws IOException {
        return ask("/").body();
    }

    private RawClient.Message ask(String path) throws IOException {
        try (RawClient client = new RawClient(haproxy.address)) {
            return client.get(path);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> CompletableFuture<T> async(java.util.concurrent.Callable<T> work) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                future.complete(work.call());
            } catch (Exception e) {
                future.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return future;
    }
}
