package dev.nonevent.pipeline.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Host} promises. Extend it, and name the host, something it can run that prints {@code hello} and then
 * goes on until it is stopped, and where its state may be.
 */
@Timeout(120)
public abstract class HostContract<A> {

    private static final Duration GRACE = Duration.ofSeconds(5);

    /** A new object of the same declaration each time: a host remembers nothing. */
    protected abstract Host<A> host();

    protected abstract A artifact();

    protected abstract ArtifactStore store();

    /** A directory of this test, deleted after it. */
    protected abstract Path home();

    @AfterEach
    void stopEverything() throws InterruptedException {
        for (String application : List.of("shop", "shop-admin")) {
            for (Instance instance : host().running(application, home())) {
                host().stop(instance, Duration.ZERO);
            }
        }
    }

    @Test
    void preparingStartsNothingAndSaysTheSameTwice() {
        Blueprint once = prepare();
        Blueprint twice = prepare();

        assertThat(once).isEqualTo(twice);
        assertThat(once.digest()).matches("sha256:[0-9a-f]{64}");
        assertThat(host().running("shop", home())).isEmpty();
    }

    @Test
    void whatWasStartedRunsAndIsFoundByAnotherObject() throws Exception {
        Instance instance = start("shop-1");

        assertThat(instance.deployment()).isEqualTo("shop-1");
        assertThat(host().isRunning(instance)).isTrue();
        assertThat(host().running("shop", home())).containsExactly(instance);
    }

    @Test
    void startingAgainForTheSameDeploymentAdoptsWhatRuns() throws Exception {
        Instance first = start("shop-1");

        assertThat(start("shop-1")).isEqualTo(first);
        assertThat(host().running("shop", home())).hasSize(1);
    }

    @Test
    void twoDeploymentsRunSideBySide() throws Exception {
        Instance one = start("shop-1");
        Instance two = start("shop-2");

        assertThat(one.address()).isNotEqualTo(two.address());
        assertThat(host().running("shop", home())).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void stoppingEndsThisInstanceAndNoOther() throws Exception {
        Instance one = start("shop-1");
        Instance two = start("shop-2");

        host().stop(one, GRACE);

        assertThat(host().isRunning(one)).isFalse();
        assertThat(host().running("shop", home())).containsExactly(two);
    }

    @Test
    void stoppingWhatIsGoneIsFine() throws Exception {
        Instance instance = start("shop-1");
        host().stop(instance, GRACE);

        host().stop(instance, GRACE);

        assertThat(host().isRunning(instance)).isFalse();
    }

    @Test
    void aStrangerInTheSamePlaceIsNotTouched() throws Exception {
        Instance instance = start("shop-1");
        Instance earlier = new Instance(earlierIdentity(instance), instance.deployment(), instance.address());

        assertThat(host().isRunning(earlier)).isFalse();
        host().stop(earlier, GRACE);

        assertThat(host().isRunning(instance)).isTrue();
    }

    /** The identity of something that ran in the same place before: the same pid or name, another life. */
    protected abstract String earlierIdentity(Instance instance);

    @Test
    void anApplicationDoesNotSeeOneWhoseNameBeginsLikeItsOwn() throws Exception {
        host().start("shop-admin", "shop-admin-1", prepare(), home());

        assertThat(host().running("shop", home())).isEmpty();
        assertThat(host().running("shop-admin", home())).hasSize(1);
    }

    @Test
    void theEndOfWhatItPrintedIsThere() throws Exception {
        Instance instance = start("shop-1");

        assertThat(awaitLines(instance)).containsExactly("hello");
    }

    @Test
    void aDirectoryIsOfOneInstanceAloneAndThereForWhoeverAsks() throws Exception {
        Instance one = start("shop-1");
        Instance two = start("shop-2");

        Optional<Path> ofOne = host().directory(one, home());
        Optional<Path> ofTwo = host().directory(two, home());

        assertThat(host().directory(one, home())).isEqualTo(ofOne);
        assertThat(ofTwo.isPresent()).isEqualTo(ofOne.isPresent());
        assertThat(ofOne.stream()).allSatisfy(directory -> assertThat(directory).isDirectory());
        assertThat(ofOne.filter(directory -> directory.equals(ofTwo.orElseThrow())))
                .isEmpty();
    }

    @Test
    void tidyingTouchesNothingThatRunsOrIsNeeded() throws Exception {
        Instance running = start("shop-1");
        Blueprint needed = prepare();

        host().tidy("shop", List.of(needed), home());

        assertThat(host().isRunning(running)).isTrue();
        assertThat(host().isRunning(start("shop-2"))).isTrue();
    }

    @Test
    void anInstanceHasAPrivateAddress() throws Exception {
        URI address = start("shop-1").address();

        assertThat(address.getScheme()).isEqualTo("http");
        assertThat(address.getPort()).isPositive();
    }

    private List<String> awaitLines(Instance instance) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        List<String> lines = host().lastLines(instance, home(), 10);
        while (lines.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(10);
            lines = host().lastLines(instance, home(), 10);
        }
        return lines;
    }

    private Blueprint prepare() {
        return host().prepare(artifact(), store(), home());
    }

    private Instance start(String deployment) throws InterruptedException {
        return host().start("shop", deployment, prepare(), home());
    }
}
