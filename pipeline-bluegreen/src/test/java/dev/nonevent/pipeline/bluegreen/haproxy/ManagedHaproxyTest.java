package dev.nonevent.pipeline.bluegreen.haproxy;

import dev.nonevent.pipeline.bluegreen.contract.TrafficSwitcherContract;
import dev.nonevent.pipeline.bluegreen.proxy.NeedsProxy;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import org.junit.jupiter.api.Tag;

@NeedsProxy("haproxy")
@Tag("long")
class ManagedHaproxyTest extends TrafficSwitcherContract {

    @Override
    protected TrafficSwitcher switcher() {
        return HaproxySwitcher.haproxy(0);
    }
}
