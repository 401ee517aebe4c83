package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nonevent.pipeline.bluegreen.traffic.Canary.HeaderMatch;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.DeploymentRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A canary of real processes behind the real router, with users who keep their cookies. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
@Tag("long")
class RealCanaryTest {

    private static final int VISITORS = 200;

    /** Of whom all, or none, would be on one side by chance less than once in a million times. */
    private static final int TESTERS = 50;

    @TempDir
    Path home;

    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch second = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch askedAgain = new CountDownLatch(1);
    private RealShop shop;
    private int port;

    @BeforeEach
    void open() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        shop = new RealShop(home, port, Duration.ofMillis(500), this::said);
        shop.deploy("v1");
    }

    private void said(String line) {
        if (line.startsWith("30 % of the users are on ")) {
            first.countDown();
        } else if (line.startsWith("60 % of the users are on ")) {
            second.countDown();
        }
    }

    /** A step ends when the visitors have asked: on a busy machine nobody knows how long that takes. */
    private void waits(String boundary) {
        if (boundary.equals("before Shifting") && first.getCount() == 0) {
            awaited(asked);
        } else if (boundary.equals("before Switching")) {
            awaited(askedAgain);
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        shop.blueGreen().down(shop.context());

        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse(""))
                        .filter(line -> line.contains(home.toString())))
                .isEmpty();
    }

    @Test
    void partOfTheUsersHasItAndEachStaysOnHisSideOverTheWholeAnalysis() throws Exception {
        Steps steps = Steps.NONE
                .and(new Steps.Step(30, Duration.ofSeconds(2)))
                .and(new Steps.Step(60, Duration.ofSeconds(2)))
                .with(new HeaderMatch("X-Beta", "yes"));
        try (Users others = Users.on(port, 2)) {
            CompletableFuture<LiveRelease> deploying = CompletableFuture.supplyAsync(() -> deployed("v2", steps));
            awaited(first);

            List<Visitor> visitors = visitors(VISITORS, "");
            List<String> sides = asked(visitors);

            long canary = sides.stream().filter("v2"::equals).count();
            System.out.println("at 30 % of the users, " + canary + " of " + VISITORS + " visitors had the canary");
            // Five standard deviations of so many visitors: missed by chance less than once in a million.
            double spread = 5 * Math.sqrt(VISITORS * 0.3 * 0.7);
            assertThat((double) canary).isBetween(VISITORS * 0.3 - spread, VISITORS * 0.3 + spread);
            assertThat(asked(visitors)).isEqualTo(sides);
            assertThat(asked(visitors(TESTERS, "X-Beta: yes")))
                    .as("who comes by the header")
                    .containsOnly("v2");
            assertThat(asked(visitors(TESTERS, "X-Beta: no")))
                    .as("who comes by another value")
                    .contains("v1");
            asked.countDown();
            awaited(second);
            assertThat(asked(visitors)).as("when the part has grown").isEqualTo(sides);
            askedAgain.countDown();

            deploying.get(60, TimeUnit.SECONDS);
            assertThat(asked(visitors)).containsOnly("v2");
            others.close();
            assertThat(others.failures()).isEmpty();
        }
    }

    private LiveRelease deployed(String release, Steps steps) {
        try {
            return shop.deploy(release, steps, this::waits);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private List<Visitor> visitors(int number, String header) {
        return Stream.generate(() -> new Visitor(port, header)).limit(number).toList();
    }

    private static List<String> asked(List<Visitor> visitors) throws IOException {
        List<String> sides = new ArrayList<>();
        for (Visitor visitor : visitors) {
            sides.add(visitor.ask());
        }
        return sides;
    }

    @Test
    void sickCanaryIsTakenBackAndNobodySeesItsFailures() throws Exception {
        Steps steps = Steps.NONE.and(new Steps.Step(30, Duration.ofMinutes(1)));
        try (Users users = Users.on(port, 8)) {

            DeploymentFailedException failed = catchThrowableOfType(
                    DeploymentFailedException.class, () -> shop.deploy("v2 flaky", steps, Failpoint.NONE));

            assertThat(failed)
                    .hasMessageContaining("rolled back: ")
                    .hasMessageContaining("traffic back on blue")
                    .hasMessageContaining("users saw no failed request: the release before it answered");
            DeploymentRecord record = failed.deployment().orElseThrow();
            System.out.println("5 % errors on 30 % of the users: detected "
                    + record.detectedIn().orElseThrow().toMillis() + " ms after the first failed request,"
                    + " all users back "
                    + record.restoredIn().orElseThrow().toMillis() + " ms later");
            users.close();
            assertThat(users.failures()).isEmpty();
            assertThat(users.answers()).contains("v2 flaky");
            assertThat(users.answers().get(users.answers().size() - 1)).isEqualTo("v1");
            assertThat(new Visitor(port).ask()).isEqualTo("v1");
        }
    }
}
