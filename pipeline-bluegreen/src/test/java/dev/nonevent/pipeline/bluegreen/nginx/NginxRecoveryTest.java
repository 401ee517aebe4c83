package dev.nonevent.pipeline.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.proxy.NeedsProxy;
import dev.nonevent.pipeline.bluegreen.router.Awaited;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** nginx ends, does not like its file, or is changed behind our back. */
@NeedsProxy("nginx")
@Timeout(60)
class NginxRecoveryTest {

    @TempDir
    Path home;

    @TempDir
    Path elsewhere;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private UsersNginx nginx;
    private Traffic traffic;

    @BeforeEach
    void open() throws Exception {
        nginx = new UsersNginx(elsewhere);
        opened.add(nginx);
        traffic = nginx.switcher().open("shop", home);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void nginxThatIsRestartedComesUpWithTheSameRouteWithoutADeployer() throws Exception {
        Route route = traffic.switchTo(instance("shop-1"), 3);
        traffic.close();
        nginx.stop();

        nginx.start();

        assertThat(get()).isEqualTo("shop-1");
        assertThat(nginx.switcher().find("shop", home).orElseThrow().route()).isEqualTo(route);
    }

    @Test
    void fileThatNginxDoesNotLikeIsTakenBackAndItsWordsAreSaid() throws Exception {
        Route route = traffic.switchTo(instance("shop-1"), 1);
        String file = Files.readString(nginx.include);
        Path broken = elsewhere.resolve("nginx.conf");
        Files.writeString(broken, Files.readString(broken) + "nonsense on;\n");
        Target second = instance("shop-2");

        assertThatThrownBy(() -> traffic.switchTo(second, 2))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("nothing was changed")
                .hasMessageContaining("unknown directive \"nonsense\"");

        assertThat(Files.readString(nginx.include)).isEqualTo(file);
        assertThat(traffic.route()).isEqualTo(route);
        assertThat(get()).isEqualTo("shop-1");
    }

    @Test
    void raisingTheFenceReloadsNothing() throws Exception {
        traffic.switchTo(instance("shop-1"), 1);
        List<Long> before = nginx.workers().stream().map(ProcessHandle::pid).toList();

        traffic.raiseFence(2);

        assertThat(nginx.workers().stream().map(ProcessHandle::pid)).containsAll(before);
        assertThat(traffic.route().fence()).isEqualTo(2);
    }

    @Test
    void fileAndWorkersThatDifferAreSaidAndMadeToAgreeByTheNextDeployer() throws Exception {
        Target second = instance("shop-2");
        traffic.switchTo(instance("shop-1"), 1);
        String former = Files.readString(nginx.include);
        traffic.switchTo(second, 2);
        String wanted = Files.readString(nginx.include);
        // as if the deployer had died between the file and the reload
        Files.writeString(nginx.include, former);
        traffic.raiseFence(1);
        Files.writeString(nginx.include, wanted);
        assertThat(get()).isEqualTo("shop-1");

        assertThatThrownBy(traffic::route)
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("shop-2");
        traffic.raiseFence(3);

        assertThat(traffic.route().active()).contains(second);
        assertThat(get()).isEqualTo("shop-2");
    }

    @Test
    void fileThatWasEditedIsNotBelieved() throws Exception {
        traffic.switchTo(instance("shop-1"), 1);
        Files.writeString(nginx.include, Files.readString(nginx.include) + "# a remark\n");

        assertThatThrownBy(traffic::route)
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("is not as it was written last");
    }

    @Test
    void nginxThatIsGoneIsNotTakenForOneWithoutARoute() throws Exception {
        traffic.switchTo(instance("shop-1"), 1);
        nginx.stop();

        assertThatThrownBy(traffic::route)
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("no nginx answers");
        nginx.start();
    }

    @Test
    void logThatWasRotatedIsReadToItsEnd() throws Exception {
        traffic.switchTo(instance("shop-1"), 1);
        get();
        get();
        awaitCounted(2);
        get();
        Files.move(nginx.log, nginx.log.resolveSibling("requests.log.1"));
        // a switch reloads nginx, which opens its logs anew
        traffic.switchTo(instance("shop-2"), 1);
        get();

        awaitCounted(3);
        assertThat(counts("shop-2").requests()).isEqualTo(1);
    }

    @Test
    void deploymentsWithOddNamesAreTwoUpstreams() throws Exception {
        traffic.switchTo(instance("shop 1;"), 1);
        assertThat(get()).isEqualTo("shop 1;");

        traffic.switchTo(instance("shop_1}"), 1);

        assertThat(get()).isEqualTo("shop_1}");
        awaitCounted("shop_1}", 1);
        assertThat(traffic.counts()).extracting(Counts::deployment).containsExactly("shop 1;", "shop_1}");
    }

    private void awaitCounted(long requests) throws Exception {
        awaitCounted("shop-1", requests);
    }

    /** nginx writes its log after it has answered. */
    private void awaitCounted(String deployment, long requests) throws Exception {
        Awaited.that(() -> assertThat(requestsTo(deployment)).isEqualTo(requests));
    }

    private long requestsTo(String deployment) {
        return traffic.counts().stream()
                .filter(counts -> counts.deployment().equals(deployment))
                .mapToLong(Counts::requests)
                .sum();
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
        try (RawClient client = new RawClient(nginx.address)) {
            return client.get("/").body();
        }
    }
}
