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
    CANARY_WITH_TESTERS(
            shop -> {
                deployed(shop, "v1");
                shop.inSteps = true;
                shop.hasTesters = true;
            },
            "v2"),
    /** A person lets it wait in its bake, and go on. */
    PAUSED(shop -> deployed(shop, "v1"), "v2") {
        @Override
        void meanwhile(Shop shop, String boundary) {
            if (boundary.equals("after Switched")) {
                shop.blueGreen().pause(shop.context());
            } else if (boundary.equals("after Paused")) {
                shop.world.time().pass(Shop.BAKE.multipliedBy(3));
                shop.blueGreen().promote(shop.context());
            }
        }
    },
    /** A newer one makes it give way in its bake. */
    SUPERSEDED(shop -> deployed(shop, "v1"), "v2") {
        @Override
        void meanwhile(Shop shop, String boundary) {
            superseded(shop, boundary, "after Switched");
        }
    },
    /** Each step is paused, and a person lets it go on. */
    CANARY_PAUSED(
            shop -> {
                deployed(shop, "v1");
                shop.inSteps = true;
            },
            "v2") {
        @Override
        void meanwhile(Shop shop, String boundary) {
            if (boundary.equals("after Shifted")) {
                shop.blueGreen().pause(shop.context());
            } else if (boundary.equals("after Paused")) {
                shop.blueGreen().promote(shop.context());
            }
        }
    },
    CANARY_SUPERSEDED(
            shop -> {
                deployed(shop, "v1");
                shop.inSteps = true;
            },
            "v2") {
        @Override
        void meanwhile(Shop shop, String boundary) {
            superseded(shop, boundary, "after Shifted");
        }
    },
    IRREVERSIBLE(shop -> deployed(shop, "v1"), "v2") {
        @Override
        BlueGreen<String> declared(Shop shop) {
            return shop.blueGreen().irreversible("drop column");
        }
    },
    IRREVERSIBLE_FAILS_USERS(
            shop -> {
                deployed(shop, "v1");
                shop.world.release("v2").fails(1.0);
            },
            "v2") {
        @Override
        BlueGreen<String> declared(Shop shop) {
            return shop.blueGreen().irreversible("drop column");
        }
    },
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

    /** Only whoever deploys declares it so; whoever recovers reads the ledger. */
    BlueGreen<String> declared(Shop shop) {
        return shop.blueGreen();
    }

    /** What others do when whoever deploys has survived the boundary. */
    void meanwhile(Shop shop, String boundary) {}

    private static void superseded(Shop shop, String boundary, String when) {
        if (boundary.equals(when)) {
            new Orders(shop.home.resolve("deployments/shop"))
                    .give(new Orders.Order(Orders.Kind.SUPERSEDE, "shop-2", "a newer commit"));
        }
    }

    boolean isIrreversible() {
        return this == IRREVERSIBLE || this == IRREVERSIBLE_FAILS_USERS;
    }

    /** Whether its release must not become stable, whoever looks at it. */
    boolean isBad() {
        return this == UNHEALTHY
                || this == FAILS_USERS
                || this == CANARY_FAILS_USERS
                || this == IRREVERSIBLE_FAILS_USERS
                || this == BOTH_DEAD;
    }

    void tell(Shop shop, Failpoint failpoint) throws InterruptedException {
        BlueGreen<String> strategy = declared(shop).dyingAt(boundary -> {
            failpoint.at(boundary);
            meanwhile(shop, boundary);
        });
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
