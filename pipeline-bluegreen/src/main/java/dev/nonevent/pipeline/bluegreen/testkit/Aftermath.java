package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What has to be true after a death.
 *
 * @param proven the releases that may serve
 * @param served whether users were served before, so that they have to be served afterwards
 * @param unseen whether users see no failed request if nobody dies
 */
record Aftermath(List<String> proven, boolean served, boolean unseen) {

    /** Between a death and the recovery; users go on asking. */
    static final Duration A_WHILE = Duration.ofSeconds(1);

    private static final String NEXT = "next";

    /** The one that serves, and one that is kept warm. */
    private static final int MOST_RUNNING = 2;

    Aftermath {
        proven = List.copyOf(proven);
    }

    /** @param watcher watches the recovery */
    void of(Attempt attempt, Consumer<String> watcher) throws InterruptedException {
        attempt.world().time().pass(A_WHILE);
        attempt.watchedBy(watcher, DeploymentStrategy::recover);
        settled(attempt);
        List<String> again = attempt.strategy().recover(attempt.context());
        require(attempt, again.isEmpty(), "recovering again changed something: " + again);
        settled(attempt);
        attempt.strategy().deploy(NEXT, attempt.context());
        serves(attempt, List.of(NEXT));
        attempt.strategy().down(attempt.context());
        leftNothing(attempt);
    }

    private void settled(Attempt attempt) throws InterruptedException {
        if (served || attempt.world().served().isPresent()) {
            serves(attempt, proven);
        } else {
            require(
                    attempt,
                    attempt.world().switcher().switches().isEmpty(),
                    "users were pointed at a release that is gone");
        }
    }

    private void serves(Attempt attempt, List<String> allowed) {
        FakeWorld world = attempt.world();
        Optional<String> release = world.served();
        require(attempt, release.isPresent(), "nothing serves users");
        require(
                attempt,
                release.filter(allowed::contains).isPresent(),
                release.orElse("nothing") + " serves users, which is none of " + allowed);
        require(
                attempt,
                world.told().isEmpty()
                        || world.workers().equals(release.stream().toList()),
                release.orElse("nothing") + " serves users, and " + world.workers() + " takes work");
        List<String> running = world.host().releases();
        require(attempt, running.size() <= MOST_RUNNING, "too much is left running: " + running);
        require(attempt, world.violations().isEmpty(), "what must never happen: " + world.violations());
        require(
                attempt,
                !unseen || world.seenToFail() == 0,
                "users saw " + world.seenToFail() + " failed requests, and see none if nobody dies");
    }

    private static void leftNothing(Attempt attempt) {
        FakeWorld world = attempt.world();
        require(
                attempt,
                world.host().releases().isEmpty(),
                "it is down, and this runs: " + world.host().releases());
        require(attempt, !world.switcher().isOpen(), "it is down, and its traffic is open");
    }

    private static void require(Attempt attempt, boolean holds, String otherwise) {
        if (!holds) {
            throw attempt.failed(otherwise);
        }
    }
}
