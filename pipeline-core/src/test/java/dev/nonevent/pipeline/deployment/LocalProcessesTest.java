package dev.nonevent.pipeline.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.contract.HostContract;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class LocalProcessesTest extends HostContract<Artifact> {

    @TempDir
    Path directory;

    @Override
    protected Host<Artifact> host() {
        return processes();
    }

    @Override
    protected Artifact artifact() {
        return script("echo hello; exec sleep 300");
    }

    @Override
    protected ArtifactStore store() {
        return FileArtifactStore.in(directory.resolve("artifacts"));
    }

    @Override
    protected Path home() {
        return directory.resolve("home");
    }

    @Override
    protected String earlierIdentity(Instance instance) {
        return instance.id().replaceFirst("@\\d+", "@1");
    }

    @Test
    void theBlueprintAloneStartsItAgainWhenEverythingElseIsGone() throws Exception {
        Artifact artifact = artifact();
        Blueprint blueprint = processes().prepare(artifact, store(), home());
        Files.delete(artifact.path());

        Instance instance = LocalProcesses.localProcesses((file, port) -> List.of("false"))
                .start("shop", "shop-1", blueprint, home());

        assertThat(processes().isRunning(instance)).isTrue();
    }

    @Test
    void whatItIsToldInItsEnvironmentIsPartOfTheRelease() {
        Artifact artifact = artifact();
        Blueprint plain = processes().prepare(artifact, store(), home());

        Blueprint configured = processes().env("MODE", "fast").prepare(artifact, store(), home());

        assertThat(configured).isNotEqualTo(plain);
        assertThat(configured.settings()).containsEntry("env.MODE", "fast");
        assertThat(plain.settings()).containsEntry("argv.002", "{port}");
    }

    @Test
    void itGetsItsPortAndItsEnvironmentAndNoMore() throws Exception {
        Artifact artifact =
                script("echo port $1 mode $MODE; env | cut -d= -f1 | sort | tr '\\n' ' '; echo; exec sleep 300");
        Host<Artifact> host = processes().env("MODE", "fast");
        Instance instance = host.start("shop", "shop-1", host.prepare(artifact, store(), home()), home());

        List<String> lines = awaitLines(host, instance, 2);

        assertThat(lines.get(0)).isEqualTo("port " + instance.address().getPort() + " mode fast");
        assertThat(List.of(lines.get(1).trim().split(" ")))
                .isSubsetOf("HOME", "LANG", "MODE", "PATH", "PIPELINE_TREE", "PWD", "TZ", "OLDPWD", "SHLVL", "_");
    }

    @Test
    void aPortSomebodyHasIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            LocalProcesses host = processes().ports(port, port);
            Blueprint blueprint = host.prepare(artifact(), store(), home());

            assertThatThrownBy(() -> host.start("shop", "shop-1", blueprint, home()))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessage("port " + port + " is in use; end what listens on it or allow another one");
            assertThat(host.running("shop", home())).isEmpty();
        }
    }

    @Test
    void aProcessThatEndsAtOnceIsNotRunningAndItsLastWordsAreThere() throws Exception {
        Artifact artifact = script("echo no database; exit 3");
        Instance instance = processes().start("shop", "shop-1", processes().prepare(artifact, store(), home()), home());

        assertThat(awaitLines(processes(), instance, 1)).containsExactly("no database");
        assertThat(processes().isRunning(instance)).isFalse();
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        LocalProcesses host =
                LocalProcesses.localProcesses((file, port) -> List.of("no-such-program", file.toString(), "" + port));
        Blueprint blueprint = host.prepare(artifact(), store(), home());

        assertThatThrownBy(() -> host.start("shop", "shop-1", blueprint, home()))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("no-such-program");
    }

    @Test
    void whatDoesNotEndByItselfIsKilledAfterTheGrace() throws Exception {
        Artifact artifact = script("trap '' TERM; echo hello; while :; do sleep 300; done");
        Instance instance = processes().start("shop", "shop-1", processes().prepare(artifact, store(), home()), home());
        awaitLines(processes(), instance, 1);

        processes().stop(instance, Duration.ofMillis(100));

        assertThat(processes().running("shop", home())).isEmpty();
    }

    @Test
    void anotherReleaseThatRunsUnderTheSameNameIsNotAdopted() throws Exception {
        Instance stranger =
                processes().start("shop", "shop-1", processes().prepare(artifact(), store(), home()), home());
        Blueprint other = processes().env("MODE", "fast").prepare(artifact(), store(), home());

        assertThatThrownBy(() -> processes().start("shop", "shop-1", other, home()))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("something else runs as shop-1 (pid ");
        assertThat(processes().isRunning(stranger)).isTrue();
    }

    @Test
    void twoHomesDoNotSeeEachOther() throws Exception {
        processes().start("shop", "shop-1", processes().prepare(artifact(), store(), home()), home());

        assertThat(processes().running("shop", directory.resolve("other"))).isEmpty();
    }

    @Test
    void aCommandLineThatIsNotTheSameTwiceIsRefused() {
        int[] calls = {0};
        LocalProcesses host = LocalProcesses.localProcesses((file, port) -> List.of("sh", "" + calls[0]++));
        Artifact artifact = artifact();

        assertThatThrownBy(() -> host.prepare(artifact, store(), home()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("may differ in nothing but the port");
    }

    private static LocalProcesses processes() {
        return LocalProcesses.localProcesses((file, port) -> List.of("sh", file.toString(), "" + port));
    }

    private Artifact script(String text) {
        try {
            Path file = Files.writeString(
                    Files.createDirectories(directory.resolve("build")).resolve("app.sh"), text);
            return store().keep(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> awaitLines(Host<Artifact> host, Instance instance, int lines) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (host.lastLines(instance, home(), 10).size() < lines && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        return host.lastLines(instance, home(), 10);
    }
}
