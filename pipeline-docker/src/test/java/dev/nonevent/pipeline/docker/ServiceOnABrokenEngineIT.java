package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateEngine;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.Owner;
import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.ServiceGroup;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** On an engine of the test's own, which has addresses for few networks. */
@NeedsPrivateEngine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class ServiceOnABrokenEngineIT {

    private final ServiceGroup group = new ServiceGroup("broken-engine");
    private PrivateEngine engine;
    private DockerService service;

    @BeforeAll
    void startAnEngine() throws Exception {
        engine = PrivateEngine.start("--live-restore");
        service = DockerService.service(engine.busybox())
                .name("db")
                .command("sh", "-c", "echo ready; sleep 300")
                .readyWhenLog("ready")
                .withoutPulling()
                .engine(engine.address());
    }

    @AfterAll
    void endTheEngine() throws Exception {
        if (engine != null) {
            engine.close();
        }
    }

    @AfterEach
    void nothingIsLeftBehind() {
        try (Engine connection = engine.connect()) {
            List<Container> containers = connection.ask(
                    "testing",
                    docker -> docker.listContainersCmd().withShowAll(true).exec());
            List<Network> networks = connection.ask(
                    "testing",
                    docker -> docker.listNetworksCmd()
                            .withFilter("label", List.of(Owner.PLACE))
                            .exec());
            assertThat(containers).isEmpty();
            assertThat(networks).isEmpty();
        }
    }

    @Test
    void anEngineWithoutAddressesForANetworkIsToldWithTheWayOut() {
        try (Engine connection = engine.connect()) {
            List<String> taken = takeAllAddresses(connection);

            assertThatThrownBy(() -> service.start(group, bytes -> {}))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageStartingWith("the Docker engine at " + engine.address()
                            + " has no addresses left for a network of this" + " run's services (")
                    .hasMessageEndingWith(
                            "remove networks nobody uses, or add default-address-pools to its daemon.json");

            taken.forEach(network -> connection.tell(
                    "testing", docker -> docker.removeNetworkCmd(network).exec()));
        }
    }

    private static List<String> takeAllAddresses(Engine connection) {
        List<String> taken = new ArrayList<>();
        while (taken.size() < 100) {
            String name = "taken-" + taken.size();
            try {
                taken.add(connection
                        .ask(
                                "testing",
                                docker ->
                                        docker.createNetworkCmd().withName(name).exec())
                        .getId());
            } catch (EngineRefusedException full) {
                return taken;
            }
        }
        throw new AssertionError("the engine has addresses for more than " + taken.size() + " networks");
    }

    @Test
    void aServiceOutlivesItsEngineAndIsRemovedWhenThatIsBack() throws Exception {
        RunningService running = service.start(group, bytes -> {});

        engine.kill();
        assertThatThrownBy(running::ended).isInstanceOf(InfrastructureException.class);
        engine.startAgain();

        assertThat(running.ended()).isEmpty();
        running.close();
    }
}
