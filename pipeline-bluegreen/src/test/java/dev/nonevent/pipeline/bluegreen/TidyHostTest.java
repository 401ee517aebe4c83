package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.bluegreen.testkit.FakeHost;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What a host is told to keep. */
class TidyHostTest extends InAShop {

    private final List<List<String>> needed = new ArrayList<>();
    private Optional<String> trouble = Optional.empty();

    @Test
    void onlyReleasesThatMayBeStartedAgainAreNeeded() throws Exception {
        BlueGreen<String> strategy = Shop.in(world, new Noting(world.host()));

        for (String release : List.of("v1", "v2", "v3", "v4")) {
            strategy.deploy(release, shop.context());
        }

        assertThat(needed).last().asInstanceOf(InstanceOfAssertFactories.LIST).containsExactly("v4", "v3", "v2");
    }

    @Test
    void whatWasBegunLastMayBeTriedAgain() throws Exception {
        BlueGreen<String> strategy = Shop.in(world, new Noting(world.host()));
        strategy.deploy("v1", shop.context());
        world.release("v2").isSick();

        assertThat(catchThrowable(() -> strategy.deploy("v2", shop.context()))).isNotNull();

        assertThat(needed).last().asInstanceOf(InstanceOfAssertFactories.LIST).containsExactly("v1", "v2");
    }

    @Test
    void nothingIsNeededOfWhatWasTakenDown() throws Exception {
        BlueGreen<String> strategy = Shop.in(world, new Noting(world.host()));
        strategy.deploy("v1", shop.context());

        strategy.down(shop.context());

        assertThat(needed).last().asInstanceOf(InstanceOfAssertFactories.LIST).isEmpty();
    }

    @Test
    void aHostThatCannotTidyHindersNoDeployment() throws Exception {
        trouble = Optional.of("no engine answers");

        Shop.in(world, new Noting(world.host())).deploy("v1", shop.context());

        assertThat(world.served()).contains("v1");
        assertThat(shop.lines)
                .contains("what is not needed any more stays until the next deployment: no engine answers");
    }

    private final class Noting implements Host<String> {

        private final FakeHost host;

        Noting(FakeHost host) {
            this.host = host;
        }

        @Override
        public void tidy(String application, Collection<Blueprint> blueprints, Path place) {
            needed.add(blueprints.stream()
                    .map(blueprint -> blueprint.settings().get("artifact"))
                    .toList());
            trouble.ifPresent(why -> {
                throw new InfrastructureException(why);
            });
        }

        @Override
        public Blueprint prepare(String artifact, ArtifactStore store, Path place) {
            return host.prepare(artifact, store, place);
        }

        @Override
        public Instance start(String application, String deployment, Blueprint blueprint, Path place) {
            return host.start(application, deployment, blueprint, place);
        }

        @Override
        public boolean isRunning(Instance instance) {
            return host.isRunning(instance);
        }

        @Override
        public List<Instance> running(String application, Path place) {
            return host.running(application, place);
        }

        @Override
        public void stop(Instance instance, Duration grace) {
            host.stop(instance, grace);
        }

        @Override
        public List<String> lastLines(Instance instance, Path place, int lines) {
            return host.lastLines(instance, place, lines);
        }
    }
}
