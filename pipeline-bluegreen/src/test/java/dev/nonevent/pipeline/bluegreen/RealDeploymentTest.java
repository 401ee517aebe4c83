package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nonevent.pipeline.bluegreen.report.DeploymentReport;
import dev.nonevent.pipeline.bluegreen.report.Ending;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes behind the real router, under real load. */
@EnabledOnOs(OS.LINUX)
@Timeout(240)
@Tag("long")
class RealDeploymentTest {

    @TempDir
    Path home;

    private final List<String> lines = new ArrayList<>();
    private RealShop shop;
    private int port;

    @BeforeEach
    void open() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        shop = new RealShop(home, port, Duration.ofMillis(500), lines::add);
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        shop.blueGreen().down(shop.context());

        assertThat(leftovers()).isEmpty();
    }

    private List<String> leftovers() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(home.toString()))
                .toList();
    }

    @Test
    void twentySwitchesUnderSixteenConnectionsLoseNoRequest() throws Exception {
        shop.deploy("v0");
        try (Users users = Users.on(port, 16)) {
            for (int round = 1; round <= 10; round++) {
                shop.deploy("v" + round);
                shop.blueGreen().rollBack(shop.context());
            }
            users.close();

            assertThat(users.failures()).isEmpty();
            assertThat(users.answers()).hasSizeGreaterThan(500).contains("v0", "v1", "v10");
        }
        assertThat(lines.stream().filter(line -> line.startsWith("traffic is on ")))
                .hasSize(21);
    }

    @Test
    void aReleaseThatIsHealthyButFailsItsUsersIsRolledBackAndNoneOfThemSeesIt() throws Exception {
        shop.deploy("v1");
        RealShop patient = new RealShop(home, port, Duration.ofMinutes(2), lines::add);
        try (Users users = Users.on(port, 16)) {

            DeploymentFailedException failed =
                    catchThrowableOfType(DeploymentFailedException.class, () -> patient.deploy("v2 broken"));

            assertThat(failed)
                    .hasMessageContaining("rolled back: 100.0 %")
                    .hasMessageContaining("traffic back on blue")
                    .hasMessageContaining("users saw no failed request: the release before it answered");
            assertThat(failed.deployment().orElseThrow().detectedIn()).isPresent();
            assertThat(failed.deployment().orElseThrow().restoredIn()).isPresent();
            DeploymentReport report = shop.blueGreen().report(shop.context()).orElseThrow();
            assertThat(report.ending().way()).isEqualTo(Ending.Way.ROLLED_BACK);
            assertThat(report.users().served()).hasSize(2).first().satisfies(green -> {
                assertThat(green.answers().orElseThrow().failed()).isPositive();
                assertThat(green.answers().orElseThrow().seen()).isZero();
            });
            users.close();
            assertThat(users.answers().get(users.answers().size() - 1)).isEqualTo("v1");
            assertThat(users.failures()).isEmpty();
        }
    }

    @Test
    void killingTheDeployerDuringTheBakeStopsNoTrafficAndTheNextOneFinishes() throws Exception {
        shop.deploy("v1");
        try (Users users = Users.on(port, 4)) {
            killAfter("traffic is on green", "v2");

            List<String> said = shop.blueGreen().recover(shop.context());

            assertThat(said)
                    .singleElement()
                    .asString()
                    .startsWith("shop-2 (")
                    .contains("was left open by a process that is gone, after \"Switched\"")
                    .contains("users had it already, and it is stable now")
                    .contains("traffic is on green");
            assertThat(shop.blueGreen().recover(shop.context())).isEmpty();
            users.close();
            assertThat(users.failures()).isEmpty();
            assertThat(users.answers().get(users.answers().size() - 1)).isEqualTo("v2");
        }
    }

    @Test
    void killingTheDeployerBeforeTheSwitchIsUndoneByTheNextOne() throws Exception {
        shop.deploy("v1");
        try (Users users = Users.on(port, 4)) {
            killAfter("starting ", "v2");

            shop.deploy("v3");

            assertThat(lines).anyMatch(line -> line.startsWith("shop-2 (") && line.contains("was left open"));
            users.close();
            assertThat(users.failures()).isEmpty();
            assertThat(users.answers().get(users.answers().size() - 1)).isEqualTo("v3");
        }
    }

    private void killAfter(String line, String release) throws Exception {
        Process deployer = RealShop.DeployingProcess.start(home, port, release);
        try (BufferedReader output = deployer.inputReader()) {
            String said = output.readLine();
            while (said != null && !said.startsWith(line)) {
                said = output.readLine();
            }
            assertThat(said).startsWith(line);
        } finally {
            deployer.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }
}
