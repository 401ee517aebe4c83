package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import java.net.URI;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Who comes next, and what he finds. */
enum Next {
    RECOVERS {
        @Override
        void doing(Shop shop, Failpoint failpoint) throws InterruptedException {
            shop.blueGreen().dyingAt(failpoint).recover(shop.context());
        }
    },
    ROLLS_BACK {
        @Override
        void doing(Shop shop, Failpoint failpoint) throws InterruptedException {
            shop.blueGreen().dyingAt(failpoint).rollBack(shop.context());
        }
    },
    TAKES_DOWN {
        @Override
        void doing(Shop shop, Failpoint failpoint) throws InterruptedException {
            shop.blueGreen().dyingAt(failpoint).down(shop.context());
        }
    },
    FINDS_IT_WITH_THE_TRAFFIC {
        @Override
        void doing(Shop shop, Failpoint failpoint) throws InterruptedException {
            Optional<Target> target = shop.standing().last().flatMap(Operation::target);
            whileOn(target, shop, failpoint);
        }
    },
    FINDS_IT_WITH_A_PART_OF_THE_TRAFFIC {
        @Override
        void doing(Shop shop, Failpoint failpoint) throws InterruptedException {
            Standing standing = shop.standing();
            Optional<Target> its = standing.last().flatMap(Operation::target);
            Optional<Target> others = standing.stable()
                    .flatMap(Operation::target)
                    .filter(target -> !its.equals(Optional.of(target)))
                    .or(() -> standing.last().flatMap(standing::predecessor));
            Route before = shop.world.switcher().route();
            if (its.isPresent() && others.isPresent()) {
                Routing split = Routing.to(others.get()).canary(Canary.of(its.get(), 10));
                shop.world.switcher().becomes(new Route(split, before.fence(), 999));
            }
            try {
                shop.blueGreen().dyingAt(failpoint).recover(shop.context());
            } finally {
                Route now = shop.world.switcher().route();
                if (shop.standing().held().isPresent()
                        && now.generation() >= 999
                        && now.routing().canary().isPresent()) {
                    shop.world.switcher().becomes(new Route(before.routing(), now.fence(), 1_000));
                }
            }
        }
    },
    FINDS_NOBODY_WITH_THE_TRAFFIC {
        @Override
        void doing(Shop shop, Failpoint failpoint) throws InterruptedException {
            shop.world
                    .switcher()
                    .becomes(new Route(
                            Routing.nowhere(), shop.world.switcher().route().fence(), 999));
            shop.blueGreen().dyingAt(failpoint).recover(shop.context());
        }
    },
    FINDS_A_STRANGER {
        @Override
        void doing(Shop shop, Failpoint failpoint) throws InterruptedException {
            whileOn(
                    Optional.of(new Target(Colour.GREEN, "by-hand", URI.create("http://127.0.0.1:1"))),
                    shop,
                    failpoint);
        }
    };

    /** Somebody moves the traffic, and takes it back if the deployer does not go on like that. */
    private static void whileOn(Optional<Target> target, Shop shop, Failpoint failpoint) throws InterruptedException {
        Route before = shop.world.switcher().route();
        target.ifPresent(moved -> shop.world.switcher().becomes(new Route(Routing.to(moved), before.fence(), 999)));
        try {
            shop.blueGreen().dyingAt(failpoint).recover(shop.context());
        } finally {
            boolean untouched =
                    target.isPresent() && shop.world.switcher().route().active().equals(target);
            if (untouched
                    && (target.get().deployment().equals("by-hand")
                            || !SERVES.contains(shop.standing().state()))) {
                shop.world
                        .switcher()
                        .becomes(new Route(
                                before.routing(), shop.world.switcher().route().fence(), 1_000));
            }
        }
    }

    /** Where the release may have the traffic. */
    private static final Set<State> SERVES = EnumSet.of(
            State.BAKING,
            State.BACKING,
            State.COMMITTED,
            State.DRAINING,
            State.RETIRING,
            State.KEEPING,
            State.DONE,
            State.NEEDS_HUMAN);

    abstract void doing(Shop shop, Failpoint failpoint) throws InterruptedException;
}
