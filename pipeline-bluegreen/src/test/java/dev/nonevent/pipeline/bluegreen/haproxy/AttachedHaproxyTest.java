package dev.nonevent.pipeline.bluegreen.haproxy;

import dev.nonevent.pipeline.bluegreen.contract.TrafficSwitcherContract;
import dev.nonevent.pipeline.bluegreen.proxy.NeedsProxy;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Somebody's HAProxy with the configuration of docs/haproxy.md. */
@NeedsProxy("haproxy")
@Tag("long")
class AttachedHaproxyTest extends TrafficSwitcherContract {

    @TempDir
    Path elsewhere;

    @Override
    protected TrafficSwitcher switcher() throws Exception {
        UsersHaproxy haproxy = new UsersHaproxy(elsewhere);
        endAfterwards(haproxy);
        return haproxy.switcher();
    }
}
