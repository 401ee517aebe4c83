package dev.nonevent.pipeline.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.proxy.NeedsProxy;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where nobody can know what nginx does, or would do after its next start, nothing is taken for permission. */
@NeedsProxy("nginx")
@Timeout(60)
class NginxHoldsTest {

    @TempDir
    Path home;

    @TempDir
    Path elsewhere;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private UsersNginx nginx;

    @BeforeEach
    void start() throws Exception {
        nginx = new UsersNginx(elsewhere);
        opened.add(nginx);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void openingWithNamesThatTheConfigurationDoesNotHaveIsTakenBackSoThatNginxStillStarts() throws Exception {
        String fresh = Files.readString(nginx.include);

        assertThatThrownBy(() -> nginx.switcher().names("other").open("shop", home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("nothing was changed")
                .hasMessageContaining("nonevent");

        assertThat(Files.readString(nginx.include)).isEqualTo(fresh);
        nginx.stop();
        nginx.start();
    }

    @Test
    void portOfAnotherProgramIsNotWrittenIntoTheFile() throws Exception {
        String fresh = Files.readString(nginx.include);
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(home.resolve("check.port"), other.getLocalPort() + "\n");
            hangUpOnEverybody(other);

            assertThatThrownBy(() -> nginx.switcher().open("shop", home))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("port " + other.getLocalPort())
                    .hasMessageContaining("remove the file check.port");
        }

        assertThat(Files.readString(nginx.include)).isEqualTo(fresh);
    }

    @Test
    void includeThatWasMadeFreshUnderUsersIsNoBeginning() throws Exception {
        String fresh = Files.readString(nginx.include);
        Traffic traffic = nginx.switcher().open("shop", home);
        traffic.switchTo(instance("shop-1"), 1);
        Files.writeString(nginx.include, fresh);

        assertThatThrownBy(() -> nginx.switcher().open("shop", home))
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("was emptied, but the running nginx goes by edition");
        assertThatThrownBy(() -> nginx.switcher().find("shop", home)).isInstanceOf(TrafficUnknownException.class);

        assertThat(get()).isEqualTo("shop-1");
    }

    @Test
    void namesThatDifferInTheSizeOfALetterAreTwoUpstreams() throws Exception {
        Traffic traffic = nginx.switcher().open("shop", home);

        traffic.switchTo(Routing.to(instance("shop-a")).canary(Canary.of(instance("shop-A"), 50)), 1);

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(get());
        }
        assertThat(answers).contains("shop-a", "shop-A");
    }

    @Test
    void logThatIsGoneIsSaidAndKeepsNobodyFromBeingSentBack() throws Exception {
        Traffic traffic = nginx.switcher().open("shop", home);
        traffic.switchTo(instance("shop-1"), 1);
        Files.delete(nginx.log);

        assertThatThrownBy(traffic::counts)
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("there is no log " + nginx.log);
        Files.createDirectory(nginx.log);
        assertThatThrownBy(traffic::counts).isInstanceOf(TrafficUnknownException.class);
        Files.delete(nginx.log);
        traffic.switchTo(instance("shop-2"), 1);

        assertThat(get()).isEqualTo("shop-2");
    }

    @Test
    void oneOfTheApplicationsOwnWhoseProcessNobodyKnowsIsNotTakenForEnded() throws Exception {
        Traffic traffic = NginxSwitcher.nginx(0).open("shop", home);
        Path process = home.resolve("nginx.process");
        String identity = Files.readString(process);
        Files.delete(process);
        try {
            assertThat(NginxSwitcher.nginx(0).find("shop", home)).isPresent();
            assertThatThrownBy(() -> traffic.shutDown(1))
                    .isInstanceOf(TrafficUnknownException.class)
                    .hasMessageContaining("still answers");
        } finally {
            Files.writeString(process, identity);
            traffic.shutDown(Long.MAX_VALUE);
        }
    }

    private static void hangUpOnEverybody(ServerSocket server) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    server.accept().close();
                }
            } catch (IOException closed) {
                assertThat(server.isClosed()).isTrue();
            }
        });
        thread.setDaemon(true);
        thread.start();
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
