package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.report.DeploymentReport;
import dev.nonevent.pipeline.bluegreen.report.Ending;
import dev.nonevent.pipeline.bluegreen.report.Side;
import dev.nonevent.pipeline.bluegreen.report.Users;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import java.util.List;
import java.util.Optional;

/** A {@link Shop} whose reports are read: {@code v1} stands on blue, and {@code v2} is to come to green. */
abstract class Reporting extends InAShop {

    static final Side BLUE = new Side(Colour.BLUE, "shop-1", Optional.of("v1"));
    static final Side GREEN = new Side(Colour.GREEN, "shop-2", Optional.of("v2"));

    final DeploymentReport report() {
        return shop.blueGreen().report(shop.context()).orElseThrow();
    }

    static Optional<List<Ending.Share>> on(Side side) {
        return Optional.of(List.of(new Ending.Share(side, 100)));
    }

    static Users.Served served(Side side, long requests, long failed, long spared) {
        return new Users.Served(side, Optional.of(new Users.Answers(requests, failed, spared, true)));
    }
}
