package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import java.nio.file.Path;
import java.util.function.Consumer;

/** One world of a {@link CrashMatrix}, and what is deployed in it. */
record Attempt(String name, FakeWorld world, DeploymentStrategy<String, ?> strategy, Path home) {

    /** What may be killed. */
    @FunctionalInterface
    interface Deed {
        void of(DeploymentStrategy<String, ?> strategy, DeploymentContext context) throws InterruptedException;
    }

    DeploymentContext context() {
        return world.context(home);
    }

    /** @return whether it went well; a release that was refused or rolled back is an end like another */
    boolean watchedBy(Consumer<String> watcher, Deed deed) throws InterruptedException {
        world.watchedBy(watcher);
        try {
            deed.of(strategy, context());
            return true;
        } catch (DeploymentFailedException e) {
            return false;
        } finally {
            world.watchedBy(touch -> {});
        }
    }

    /** @param last the boundary at which it dies, counted from 0 */
    void dieAt(int last, Deed deed) throws InterruptedException {
        Life life = Life.until(last, world, home);
        try {
            watchedBy(life, deed);
        } catch (Life.Death e) {
            // It is over; what it leaves behind is looked at by the next.
        }
        if (!life.isOver()) {
            throw failed("it went another way than the first time, and was not killed");
        }
    }

    AssertionError failed(String why) {
        return new AssertionError(name + ": " + why + "; what was said: " + world.said());
    }
}
