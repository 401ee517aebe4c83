package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.contract.TrafficSwitcherContract;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;

/** The router as a process of its own. */
class RouterDaemonContractTest extends TrafficSwitcherContract {

    @Override
    protected TrafficSwitcher switcher() {
        return Router.router(0);
    }
}
