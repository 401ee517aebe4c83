package dev.nonevent.pipeline.docker.swarm;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.contract.HostContract;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.Image;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@NeedsPrivateEngine
@ExtendWith(TestSwarm.class)
class SwarmHostContractIT extends HostContract<Image> {

    private final TestSwarm.Begun test;

    @TempDir
    Path home;

    SwarmHostContractIT(TestSwarm.Begun test) {
        this.test = test;
    }

    @AfterEach
    void removeWhatIsLeft() throws Exception {
        test.services().clear(home);
    }

    @Override
    protected Host<Image> host() {
        return SwarmHost.port(8080).engine(test.swarm().manager().address());
    }

    @Override
    protected Image artifact() {
        return test.image();
    }

    @Override
    protected ArtifactStore store() {
        return FileArtifactStore.in(home.resolve("artifacts"));
    }

    @Override
    protected Path home() {
        return home;
    }

    @Override
    protected String earlierIdentity(Instance instance) {
        return instance.id().replaceFirst("@\\d+/", "@1/");
    }
}
