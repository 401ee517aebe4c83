package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.contract.TrafficContract;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;

/** The fake of this room's tests keeps what it stands for promises. */
class FakeTrafficTest extends TrafficContract {

    @Override
    protected TrafficSwitcher switcher() {
        return new FakeTraffic(new FakeWorld());
    }
}
