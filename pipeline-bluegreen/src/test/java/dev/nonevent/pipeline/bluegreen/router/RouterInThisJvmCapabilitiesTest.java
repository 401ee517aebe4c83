package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.contract.TrafficCapabilitiesContract;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import org.junit.jupiter.api.Test;

class RouterInThisJvmCapabilitiesTest extends TrafficCapabilitiesContract {

    @Override
    protected TrafficSwitcher switcher() {
        return Router.inThisJvm(0).preview(0);
    }

    @Test
    void routerWithAPreviewCanDoAll() {
        assertThat(switcher().capabilities()).containsExactlyInAnyOrder(Capability.values());
    }
}
