package dev.nonevent.pipeline.docker.swarm;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.contract.HostContract;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.Image;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateSwarm;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

@NeedsPrivateEngine
class SwarmHostContractIT extends HostContract<Image> {

    private static PrivateSwarm swarm;
    private static TestServices services;
    private static Image image;

    @TempDir
    Path home;

    @BeforeAll
    static void beginTheSwarm() throws Exception {
        swarm = PrivateSwarm.start(1);
        services = new TestServices(swarm);
        image = services.image("contract");
    }

    @AfterAll
    static void endTheSwarm() throws Exception {
        if (swarm != null) {
            swarm.close();
        }
    }

    @AfterEach
    void removeWhatIsLeft() throws Exception {
        services.clear(home);
    }

    @Override
    protected Host<Image> host() {
        return SwarmHost.port(8080).engine(swarm.manager().address());
    }

    @Override
    protected Image artifact() {
        return image;
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
