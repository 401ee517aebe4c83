package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.contract.TrafficSwitcherContract;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import org.junit.jupiter.api.Tag;

/** The router as a process of its own. */
@Tag("long")
class RouterDaemonContractTest extends TrafficSwitcherContract {

    @Override
    protected TrafficSwitcher switcher() {
        return Router.router(0);
    }
}
