package dev.nonevent.pipeline.docker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dev.nonevent.pipeline.docker.engine.Engine;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The fixture itself: what it is for works, and it leaves nothing. */
@NeedsPrivateEngine
@Timeout(120)
class PrivateEngineIT {

    @Test
    void aPublishedPortAnswersOverARestartAndNothingIsLeftAfterTheEnd() throws Exception {
        PrivateEngine engine = PrivateEngine.start("--live-restore");
        try (engine;
                Engine connection = engine.connect()) {
            String image = engine.busybox();
            String network = connection
                    .ask(
                            "testing",
                            docker -> docker.createNetworkCmd()
                                    .withName("nonevent")
                                    .exec())
                    .getId();
            int port = serve(connection, image, network);
            assertThat(answerOf(port)).isEqualTo("hello\n");

            engine.kill();
            engine.startAgain();

            assertThat(answerOf(port)).isEqualTo("hello\n");
            engine.kill();
        }

        assertThat(whatIsLeftOf(engine)).isEmpty();
    }

    @Test
    void startingAgainLeavesTheMachinesOwnBridgeAlone() throws Exception {
        List<String> before = bridges();
        try (PrivateEngine engine = PrivateEngine.start()) {
            engine.stop();
            engine.startAgain();

            assertThat(bridges()).containsAll(before);
        }
    }

    private static List<String> bridges() throws IOException {
        return NetworkInterface.networkInterfaces()
                .map(NetworkInterface::getName)
                .filter(name -> name.equals("docker0"))
                .toList();
    }

    private static int serve(Engine connection, String image, String network) {
        HostConfig published = HostConfig.newHostConfig()
                .withNetworkMode(network)
                .withPortBindings(new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(80)));
        String id = connection
                .ask(
                        "testing",
                        docker -> docker.createContainerCmd(image)
                                .withEntrypoint(
                                        "sh", "-c", "mkdir /w; echo hello > /w/hello; exec httpd -f -p 80 -h /w")
                                .withExposedPorts(ExposedPort.tcp(80))
                                .withHostConfig(published)
                                .exec())
                .getId();
        connection.tell("testing", docker -> docker.startContainerCmd(id).exec());
        return Integer.parseInt(connection
                .ask("testing", docker -> docker.inspectContainerCmd(id).exec())
                .getNetworkSettings()
                .getPorts()
                .getBindings()
                .get(ExposedPort.tcp(80))[0]
                .getHostPortSpec());
    }

    private static String answerOf(int port) throws InterruptedException {
        HttpRequest hello = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/hello"))
                .build();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                return HttpClient.newHttpClient()
                        .send(hello, HttpResponse.BodyHandlers.ofString())
                        .body();
            } catch (IOException notYet) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("no answer on port " + port, notYet);
                }
                Thread.sleep(50);
            }
        }
    }

    /** By its number: other tests may have engines of their own beside it. */
    private static List<String> whatIsLeftOf(PrivateEngine engine) throws IOException {
        Path directory = engine.socket().getParent();
        String number = directory.toString().replaceFirst(".*-", "");
        Stream<String> interfaces = NetworkInterface.networkInterfaces()
                .filter(each -> each.getName().equals("nep" + number)
                        || each.inetAddresses()
                                .anyMatch(address -> address.getHostAddress().startsWith("10.213." + number + ".")))
                .map(NetworkInterface::getName);
        Stream<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(directory + "/"));
        Stream<String> directories = Files.exists(directory) ? Stream.of(directory.toString()) : Stream.of();
        return Stream.of(interfaces, mounts, directories).flatMap(each -> each).toList();
    }
}
