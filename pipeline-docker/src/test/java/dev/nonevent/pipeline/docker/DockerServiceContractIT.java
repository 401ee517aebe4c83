package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.contract.ServiceContract;
import dev.nonevent.pipeline.executor.Service;
import org.junit.jupiter.api.AfterEach;

@NeedsEngine
class DockerServiceContractIT extends ServiceContract {

    private final TestEngine engine;

    DockerServiceContractIT(TestEngine engine) {
        this.engine = engine;
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(engine.containers()).isEmpty();
        assertThat(engine.networks()).isEmpty();
    }

    @Override
    protected Service ready() {
        return shell("echo hello; echo ready; while true; do echo more; sleep 0.05; done");
    }

    @Override
    protected Service stuck() {
        return shell("echo hello; sleep 300");
    }

    @Override
    protected Service broken() {
        return shell("echo hello; exit 1");
    }

    private DockerService shell(String script) {
        return DockerService.service(engine.image())
                .name("db")
                .port(5432)
                .command("sh", "-c", script)
                .readyWhenLog("ready\n")
                .withoutPulling();
    }
}
