package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.contract.TrafficSwitcherContract;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;

class RouterInThisJvmTest extends TrafficSwitcherContract {

    @Override
    protected TrafficSwitcher switcher() {
        return Router.inThisJvm(0);
    }
}
