package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.contract.HostContract;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine
class DockerHostContractIT extends HostContract<Image> {

    private final TestRelease release;

    @TempDir
    Path home;

    private Image image;

    DockerHostContractIT(TestEngine engine) {
        this.release = new TestRelease(engine);
    }

    @BeforeEach
    void makeTheImage() throws Exception {
        image = release.image("contract", "exec httpd -f -p 8080 -h /www", "");
    }

    @AfterEach
    void removeWhatIsLeft() {
        release.clear(home);
    }

    @Override
    protected Host<Image> host() {
        return DockerHost.port(8080);
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
        return instance.id().replaceFirst("@.*", "@2020-01-01T00:00:00.000000001Z/0");
    }
}
