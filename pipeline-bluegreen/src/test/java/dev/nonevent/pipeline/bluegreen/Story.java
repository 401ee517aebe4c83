package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What is going on in a {@link Shop} when something happens to the process. */
enum Story {
    FIRST(shop -> {}, "v1"),
    REPLACE(shop -> deployed(shop, "v1"), "v2"),
    THIRD(shop -> deployed(shop, "v1", "v2"), "v3"),
    UNHEALTHY(
            shop -> {
                deployed(shop, "v1");
                shop.world.release("v2").isSick();
            },
            "v2"),
    FAILS_USERS(
            shop -> {
                deployed(shop, "v1");
                shop.world.release("v2").fails(1.0);
            },
            "v2"),
    CANARY(
            shop -> {
                deployed(shop, "v1");
                shop.inSteps = true;
            },
            "v2"),
    CANARY_FAILS_USERS(
            shop -> {
                deployed(shop, "v1");
                shop.inSteps = true;
                shop.world.release("v2").fails(0.3);
            },
            "v2"),
    BACK_WARM(shop -> deployed(shop, "v1", "v2"), ""),
    BACK_COLD(
            shop -> {
                deployed(shop, "v1", "v2");
                shop.world.host().kill("v1");
            },
            ""),
    /** The release that fails its users, and nobody left to go back to. */
    BOTH_DEAD(
            shop -> {
                deployed(shop, "v1");
                shop.world.release("v2").fails(1.0);
            },
            "v2") {
        @Override
        void tell(Shop shop, Failpoint failpoint) throws InterruptedException {
            super.tell(shop, boundary -> {
                if (boundary.equals("after Switched")) {
                    shop.world.host().kill("v1");
                }
                failpoint.at(boundary);
            });
        }
    };

    /** The end of a process: nothing catches it. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        Death(String boundary) {
            super(boundary);
        }
    }

    final Consumer<Shop> before;
    final String artifact;

    Story(Consumer<Shop> before, String artifact) {
        this.before = before;
        this.artifact = artifact;
    }

    void tell(Shop shop, Failpoint failpoint) throws InterruptedException {
        BlueGreen<String> strategy = shop.blueGreen().dyingAt(failpoint);
        try {
            if (artifact.isEmpty()) {
                strategy.rollBack(shop.context());
            } else {
                strategy.deploy(artifact, shop.context());
            }
        } catch (DeploymentFailedException e) {
            // The story ends so.
        }
    }

    /** The names of all places at which the process can die in it, in order. */
    List<String> boundaries(Shop shop) throws InterruptedException {
        List<String> boundaries = new ArrayList<>();
        before.accept(shop);
        tell(shop, boundaries::add);
        return boundaries;
    }

    static void deployed(Shop shop, String... artifacts) {
        try {
            for (String artifact : artifacts) {
                shop.deploy(artifact);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
