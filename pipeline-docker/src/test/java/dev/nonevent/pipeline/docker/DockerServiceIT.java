package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import dev.nonevent.pipeline.docker.engine.Owner;
import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.ServiceGroup;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NeedsEngine
@Timeout(120)
class DockerServiceIT {

    private static final String PAGES = "mkdir -p /tmp/www; echo rows > /tmp/www/table; ";
    private static final String SERVE = "exec httpd -f -p 5432 -h /tmp/www";

    private final TestEngine engine;
    private final DockerService busybox;
    private final ServiceGroup group =
            new ServiceGroup("it-" + ProcessHandle.current().pid());
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    DockerServiceIT(TestEngine engine) {
        this.engine = engine;
        this.busybox = DockerService.service(engine.image())
                .name("db")
                .port(5432)
                .within(Duration.ofSeconds(40))
                .withoutPulling();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(engine.containers()).isEmpty();
        assertThat(engine.networks()).isEmpty();
    }

    @Test
    void itIsReadyWhenItHasPrintedATextOftenEnough() throws Exception {
        DockerService twice = shell("echo ready; sleep 1; " + PAGES + "echo almost; echo rea; echo ready; " + SERVE)
                .readyWhenLog("ready\n", 2);

        try (RunningService running = start(twice)) {
            assertThat(printed()).isEqualTo("ready\nalmost\nrea\nready\n");
            assertThat(running.ended()).isEmpty();
        }
    }

    @Test
    void itIsReadyWhenItsPortAnswersAndIsReachedFromThisMachine() throws Exception {
        try (RunningService running = start(shell("sleep 1; " + PAGES + SERVE))) {
            assertThat(table(running)).isEqualTo("rows\n");
            assertThat(running.address().host()).isEqualTo("127.0.0.1");
            assertThat(running.address().port()).isEqualTo(running.address().port(5432));
        }
    }

    @Test
    void itIsReadyWhenAPageIsThere() throws Exception {
        DockerService late = shell("mkdir -p /tmp/www; (sleep 1; echo rows > /tmp/www/table) & " + SERVE)
                .readyWhenHttp(5432, "/table");

        try (RunningService running = start(late)) {
            assertThat(table(running)).isEqualTo("rows\n");
        }
    }

    @Test
    void itIsReadyWhenACommandInsideSucceeds() throws Exception {
        DockerService late =
                shell(PAGES + "(sleep 1; touch /tmp/ready) & " + SERVE).readyWhenExec("test", "-e", "/tmp/ready");

        try (RunningService running = start(late)) {
            assertThat(running.ended()).isEmpty();
        }
    }

    @Test
    void theImagesOwnHealthcheckIsUsedWhenNothingElseIsSaid() throws Exception {
        String image = engine.buildWith(
                "checked",
                "HEALTHCHECK --interval=30s CMD test -e /tmp/ready || { echo no file yet; exit 1; }",
                "CMD [\"sh\", \"-c\", \"if [ -n \\\"$LATE\\\" ]; then sleep $LATE; touch /tmp/ready; fi; sleep 300\"]");
        DockerService checked = DockerService.service(image).name("db").withoutPulling();

        try (RunningService running = start(checked.env("LATE", "1"))) {
            assertThat(running.ended()).isEmpty();
        }
        assertThatThrownBy(() -> start(checked.within(Duration.ofSeconds(6))))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage(image + " was not ready within 6 s: its HEALTHCHECK exited 1 (no file yet)");
    }

    @Test
    void aServiceThatEndsBeforeItIsReadyIsToldWithHow() {
        assertThatThrownBy(() -> start(shell("echo no space left >&2; exit 3").readyWhenLog("ready")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage(engine.image() + " exited 3 before it was ready");
        assertThat(printed()).isEqualTo("no space left\n");
    }

    @Test
    void aServiceThatDoesNotListenIsNotTakenForReadyThoughItsPortIsPublished() {
        assertThatThrownBy(() -> start(shell("sleep 300").within(Duration.ofSeconds(2))))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage(engine.image() + " was not ready within 2 s: nothing listens on its port 5432");
    }

    @Test
    void howItEndedIsKnownAfterwards() throws Exception {
        DockerService hungry = shell("grow() { x=x; while true; do x=$x$x; done; }; trap grow TERM; echo ready;"
                        + " sleep 300 & wait")
                .memoryMib(16)
                .readyWhenLog("ready");
        DockerService mortal =
                shell("trap 'exit 3' TERM; echo ready; sleep 300 & wait").readyWhenLog("ready");

        try (RunningService running = start(mortal)) {
            signal("TERM");

            assertThat(ended(running)).isEqualTo("exited 3");
        }
        try (RunningService running = start(hungry)) {
            signal("TERM");

            assertThat(ended(running)).isEqualTo("was killed by the kernel, out of memory: its limit is 16 MiB");
        }
    }

    @Test
    void itMayBecomeItsUserAndNothingElse() throws Exception {
        DockerService shown = shell("grep -E 'CapBnd|CapEff|NoNewPrivs' /proc/self/status; touch /tmp/x;"
                        + " chown 70:70 /tmp/x && echo given; echo ready; sleep 300")
                .readyWhenLog("ready");

        try (RunningService running = start(shown)) {
            // CHOWN, DAC_OVERRIDE, FOWNER, SETGID and SETUID are bits 0, 1, 3, 6 and 7.
            assertThat(printed().replace("\t", ""))
                    .contains("CapEff:00000000000000cb\n", "CapBnd:00000000000000cb\n", "NoNewPrivs:1\n", "given\n");
            assertThat(running.ended()).isEmpty();
        }
    }

    @Test
    void twoServicesOfOneRunAreOnOneNetworkAndFindEachOther() throws Exception {
        DockerService other = shell("nslookup db | grep -q 'Name:.*db' && echo found; sleep 300")
                .name("other")
                .readyWhenLog("found");

        try (RunningService first = start(shell(PAGES + SERVE));
                RunningService second = start(other)) {
            assertThat(List.of(first, second))
                    .allSatisfy(each -> assertThat(each.ended()).isEmpty());
            assertThat(engine.networks()).hasSize(1);
        }
    }

    /** Starts a service in a process of its own. */
    static final class Other {
        public static void main(String... args) throws Exception {
            DockerService.service(args[0])
                    .command("sh", "-c", "echo ready; sleep 300")
                    .readyWhenLog("ready")
                    .start(new ServiceGroup("killed"), bytes -> {});
            System.out.println("begun");
            Thread.sleep(300_000);
        }
    }

    @Test
    void theServiceAndTheNetworkOfAKilledProcessAreRemovedByTheNextService() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process killed = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Other.class.getName(), engine.image())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] begun = killed.getInputStream().readNBytes(6);
        assertThat(killed.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(begun, StandardCharsets.UTF_8)).isEqualTo("begun\n");
        assertThat(containersOf(killed)).hasSize(1);
        assertThat(networksOf(killed)).hasSize(1);

        start(shell("echo ready; sleep 300").readyWhenLog("ready")).close();

        assertThat(containersOf(killed)).isEmpty();
        assertThat(networksOf(killed)).isEmpty();
    }

    private DockerService shell(String script) {
        return busybox.command("sh", "-c", script);
    }

    private RunningService start(DockerService service) throws InterruptedException {
        return service.start(group, printed::writeBytes);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static String table(RunningService running) throws IOException {
        URI address = URI.create(
                "http://" + running.address().host() + ":" + running.address().port() + "/table");
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(10_000);
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private void signal(String name) {
        engine.containers()
                .forEach(each -> engine.ask(docker -> {
                    docker.killContainerCmd(each.getId()).withSignal(name).exec();
                    return true;
                }));
    }

    private static String ended(RunningService running) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (running.ended().isEmpty() && System.nanoTime() - deadline < 0) {
            Thread.sleep(50);
        }
        return running.ended().orElse("did not end");
    }

    private List<Container> containersOf(Process process) {
        return engine
                .ask(docker -> docker.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(Map.of(Owner.PLACE, place()))
                        .exec())
                .stream()
                .filter(each -> each.getLabels().get(Owner.PROCESS).startsWith(process.pid() + "@"))
                .toList();
    }

    private List<Network> networksOf(Process process) {
        return engine
                .ask(docker -> docker.listNetworksCmd()
                        .withFilter("label", List.of(Owner.PLACE + "=" + place()))
                        .exec())
                .stream()
                .filter(each -> each.getLabels().get(Owner.PROCESS).startsWith(process.pid() + "@"))
                .toList();
    }

    private static String place() {
        return Owner.self().orElseThrow().place();
    }
}
