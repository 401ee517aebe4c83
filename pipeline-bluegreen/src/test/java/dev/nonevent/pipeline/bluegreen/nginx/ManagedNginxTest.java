package dev.nonevent.pipeline.bluegreen.nginx;

import dev.nonevent.pipeline.bluegreen.contract.TrafficSwitcherContract;
import dev.nonevent.pipeline.bluegreen.proxy.NeedsProxy;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import org.junit.jupiter.api.Tag;

@NeedsProxy("nginx")
@Tag("long")
class ManagedNginxTest extends TrafficSwitcherContract {

    @Override
    protected TrafficSwitcher switcher() {
        return NginxSwitcher.nginx(0);
    }
}
