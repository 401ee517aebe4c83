package dev.nonevent.pipeline.docker.swarm;

import dev.nonevent.pipeline.contract.CommandExecutorContract;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateSwarm;
import dev.nonevent.pipeline.executor.CommandExecutor;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

@NeedsPrivateEngine
class SwarmExecutorContractIT extends CommandExecutorContract {

    private static PrivateSwarm swarm;
    private static String image;

    @TempDir
    Path directory;

    @BeforeAll
    static void startASwarm() throws Exception {
        swarm = PrivateSwarm.start(1);
        image = swarm.busybox();
    }

    @AfterAll
    static void endIt() throws Exception {
        if (swarm != null) {
            swarm.close();
        }
    }

    @Override
    protected CommandExecutor executor() {
        return SwarmExecutor.swarmTask(image).engine(swarm.manager().address()).grace(Duration.ofSeconds(2));
    }

    /** A task takes most of a second. */
    @Override
    protected int times(int usual) {
        return "whole".equals(System.getProperty("proofs")) ? usual : usual / 4;
    }

    @Override
    protected Path directory() {
        return directory;
    }
}
