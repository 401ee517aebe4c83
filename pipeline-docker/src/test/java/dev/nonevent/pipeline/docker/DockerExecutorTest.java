package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DockerExecutorTest {

    private final DockerExecutor busybox = DockerExecutor.container("busybox:1.36");

    @TempDir
    Path workspace;

    @Test
    void itIsDescribedByItsImage() {
        assertThat(busybox.cache("/root/.m2").description()).isEqualTo("busybox:1.36");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-v", "busy box"})
    void whatIsNoImageIsRefusedAtOnce(String image) {
        assertThatThrownBy(() -> DockerExecutor.container(image))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no image");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m2", "/", "/a:b", "/a,b", "/a/"})
    void aCacheThatIsNoPlainDirectoryIsRefusedAtOnce(String directory) {
        assertThatThrownBy(() -> busybox.cache(directory)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fewerProcessesThanACommandTakesAreRefusedAtOnce() {
        assertThatThrownBy(() -> busybox.processes(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a command needs at least 4 processes, for the init and the two shells around it are some,"
                        + " was 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "container:web", ""})
    void aNetworkThatEndsTheIsolationIsRefusedAtOnce(String network) {
        assertThatThrownBy(() -> busybox.network(network)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/etc",
                "/etc/ssl",
                "/proc",
                "/sys/fs",
                "/var/run/docker.sock",
                "/run/docker.sock",
                "/var",
                "/var/lib/docker/volumes",
                "/tmp/../etc"
            })
    void whatWouldGiveTheMachineAwayIsNotMounted(String outside) {
        assertThatThrownBy(() -> busybox.mountFromThisMachine(Path.of(outside), "/inside"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not mounted into a container, for whoever holds it holds this machine");
    }

    @Test
    void theHomeOfAPersonIsNotMountedAsAWhole() {
        Path home = Path.of(System.getProperty("user.home"));

        assertThatThrownBy(() -> busybox.mountWritableFromThisMachine(home, "/home/me"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(busybox.mountFromThisMachine(home.resolve(".m2"), "/root/.m2"))
                .isNotNull();
    }

    @Test
    void aLinkToWhatIsNeverMountedIsRefusedWhenItIsUsed() throws Exception {
        Path link = Files.createSymbolicLink(workspace.resolve("link"), Path.of("/etc"));

        assertThatThrownBy(() -> new HostMount(link, "/inside", true).real())
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith(link + " is not mounted");
    }

    @Test
    void aSocketIsNotMountedWhereverItIs() throws Exception {
        Path socket = workspace.resolve("docker.sock");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));

            assertThatThrownBy(() -> new HostMount(socket, "/docker.sock", true).real())
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("whoever holds it holds this machine");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 0.001, 1e9, Double.NaN, Double.POSITIVE_INFINITY})
    void aLimitOfProcessorsThatIsNoneIsRefusedAtOnce(double cpus) {
        assertThatThrownBy(() -> busybox.cpus(cpus)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "0", "0:root", "-1:0"})
    void aUserIsTwoNumbers(String user) {
        assertThatThrownBy(() -> busybox.user(user)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/tmp", "/etc/ssl", "/proc/self", "/usr/lib"})
    void theMachinesOwnDirectoriesAreNeverAWorkspace(String directory) {
        assertThatThrownBy(() -> busybox.run(Command.of(Path.of(directory), "true"), bytes -> {}))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage(directory + " is not mounted into a container: use a directory of the command's own");
    }

    @Test
    void aWorkspaceThatIsNotThereIsNamed() {
        Path missing = workspace.resolve("missing");

        assertThatThrownBy(() -> busybox.run(Command.of(missing, "true"), bytes -> {}))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith(missing + " is no directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh://host", "http://localhost:2375", "npipe:////./pipe/docker_engine"})
    void anAddressNoEngineIsReachedByIsNamedWithTheWayOut(String address) {
        assertThatThrownBy(() -> run(busybox.engine(URI.create(address))))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("not by " + address);
    }

    @Test
    void anEngineThatRefusesConnectionsIsNamed() {
        assertThatThrownBy(() -> run(busybox.engine(URI.create("tcp://127.0.0.1:1"))))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("no Docker engine answers at tcp://127.0.0.1:1 (");
    }

    @Test
    void anInterruptedThreadStartsNothing() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> run(busybox)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    private void run(DockerExecutor executor) throws InterruptedException {
        executor.run(Command.of(workspace, "true"), bytes -> {});
    }
}
