package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.contract.CommandExecutorContract;
import dev.nonevent.pipeline.executor.CommandExecutor;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine
class DockerExecutorContractIT extends CommandExecutorContract {

    private final TestEngine engine;

    @TempDir
    Path directory;

    DockerExecutorContractIT(TestEngine engine) {
        this.engine = engine;
    }

    @Override
    protected CommandExecutor executor() {
        return DockerExecutor.container(engine.image()).network("none").grace(Duration.ofSeconds(2));
    }

    @Override
    protected Path directory() {
        return directory;
    }
}
