package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.contract.TrafficCapabilitiesContract;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import org.junit.jupiter.api.Tag;

@Tag("long")
class RouterDaemonCapabilitiesTest extends TrafficCapabilitiesContract {

    @Override
    protected TrafficSwitcher switcher() {
        return Router.router(0).preview(0);
    }
}
