package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcherContract;

class RouterInThisJvmTest extends TrafficSwitcherContract {

    @Override
    protected TrafficSwitcher switcher() {
        return Router.inThisJvm(0);
    }
}
