package dev.nonevent.pipeline.bluegreen.nginx;

import dev.nonevent.pipeline.bluegreen.proxy.NeedsProxy;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcherContract;

@NeedsProxy("nginx")
class ManagedNginxTest extends TrafficSwitcherContract {

    @Override
    protected TrafficSwitcher switcher() {
        return NginxSwitcher.nginx(0);
    }
}
