package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.contract.HostContract;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The fake keeps what it stands for promises. */
class FakeHostTest extends HostContract<String> {

    private static final String DIGEST = "ab".repeat(32);

    @TempDir
    Path home;

    private final FakeWorld world = new FakeWorld();

    FakeHostTest() {
        world.release(DIGEST).prints("hello");
    }

    @Override
    protected Host<String> host() {
        return world.host();
    }

    @Override
    protected String artifact() {
        return DIGEST;
    }

    @Override
    protected ArtifactStore store() {
        return world.context(home).artifacts();
    }

    @Override
    protected Path home() {
        return home;
    }

    @Override
    protected String earlierIdentity(Instance instance) {
        return "0@7";
    }
}
