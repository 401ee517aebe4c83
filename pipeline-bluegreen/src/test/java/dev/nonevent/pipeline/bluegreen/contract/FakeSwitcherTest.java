package dev.nonevent.pipeline.bluegreen.contract;

import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;

class FakeSwitcherTest extends TrafficContract {

    @Override
    protected TrafficSwitcher switcher() {
        return new FakeSwitcher();
    }
}
