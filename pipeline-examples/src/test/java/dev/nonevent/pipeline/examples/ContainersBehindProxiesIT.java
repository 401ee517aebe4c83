package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.haproxy.HaproxySwitcher;
import dev.nonevent.pipeline.bluegreen.nginx.NginxSwitcher;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The router, HAProxy and nginx before instances that are containers, made of this machine's busybox: nothing is pulled. */
@Timeout(120)
class ContainersBehindProxiesIT {

    private final DockerCommand docker = DockerCommand.ofTheMachine();

    @TempDir
    Path home;

    @TempDir
    Path scratch;

    private final String image = "nonevent-test/web-" + ProcessHandle.current().pid();
    private final List<String> containers = new ArrayList<>();
    private final HttpClient users = HttpClient.newHttpClient();

    static Stream<TrafficSwitcher> switchers() {
        return Stream.of(Router.router(0), HaproxySwitcher.haproxy(0), NginxSwitcher.nginx(0));
    }

    @BeforeEach
    void makeTheImage() throws Exception {
        docker.require(getClass());
        Files.copy(DockerCommand.BUSYBOX, scratch.resolve("busybox"));
        Files.writeString(scratch.resolve("Dockerfile"), "FROM scratch\nCOPY busybox /busybox\n");
        docker.run("build", "-q", "-t", image, scratch.toString());
    }

    @AfterEach
    void removeWhatWasMade() throws Exception {
        for (String container : containers) {
            docker.run("rm", "-f", container);
        }
        if (docker.answers("image", "inspect", image)) {
            docker.run("rmi", "-f", image);
        }
    }

    @ParameterizedTest
    @MethodSource("switchers")
    void usersAreSwitchedFromOneContainerToTheNext(TrafficSwitcher switcher) throws Exception {
        Traffic traffic = switcher.open("shop", home);
        try {
            Target first = container(Colour.BLUE, "shop-1");
            Target second = container(Colour.GREEN, "shop-2");
            traffic.switchTo(first, 1);
            assertThat(get(traffic.address())).isEqualTo("shop-1");

            traffic.switchTo(second, 1);
            Drained drained = traffic.drain("shop-1", Duration.ofSeconds(5));
            docker.run("rm", "-f", containers.remove(0));

            assertThat(drained.cut()).isZero();
            for (int i = 0; i < 20; i++) {
                assertThat(get(traffic.address())).isEqualTo("shop-2");
            }
            assertThat(traffic.route().active()).contains(second);
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
    }

    /** Its page says who it is. */
    private Target container(Colour colour, String deployment) throws Exception {
        String command = "/busybox mkdir /www && /busybox printf " + deployment
                + " >/www/index.html && exec /busybox httpd -f -p 8080 -h /www";
        String id = docker.run("run", "-d", "-p", "127.0.0.1::8080", image, "/busybox", "sh", "-c", command);
        containers.add(id);
        String published =
                docker.run("port", id, "8080/tcp").lines().findFirst().orElseThrow();
        URI address = URI.create("http://" + published);
        awaitAnswer(address, deployment);
        return new Target(colour, deployment, address);
    }

    private void awaitAnswer(URI address, String expected) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                assertThat(get(address)).isEqualTo(expected);
                return;
            } catch (IOException | AssertionError notYet) {
                if (System.nanoTime() > until) {
                    throw new AssertionError(address + " does not answer", notYet);
                }
                Thread.sleep(20);
            }
        }
    }

    private String get(URI address) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build();
        return users.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
