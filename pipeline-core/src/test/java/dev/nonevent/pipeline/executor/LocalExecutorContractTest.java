package dev.nonevent.pipeline.executor;

import dev.nonevent.pipeline.contract.CommandExecutorContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalExecutorContractTest extends CommandExecutorContract {

    @TempDir
    Path directory;

    @Override
    protected CommandExecutor executor() {
        return LocalExecutor.local();
    }

    @Override
    protected Path directory() {
        return directory;
    }
}
