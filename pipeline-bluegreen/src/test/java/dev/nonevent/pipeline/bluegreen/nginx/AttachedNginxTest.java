package dev.nonevent.pipeline.bluegreen.nginx;

import dev.nonevent.pipeline.bluegreen.contract.TrafficSwitcherContract;
import dev.nonevent.pipeline.bluegreen.proxy.NeedsProxy;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Somebody's nginx with the configuration of docs/nginx.md. */
@NeedsProxy("nginx")
@Tag("long")
class AttachedNginxTest extends TrafficSwitcherContract {

    @TempDir
    Path elsewhere;

    @Override
    protected TrafficSwitcher switcher() throws Exception {
        UsersNginx nginx = new UsersNginx(elsewhere);
        endAfterwards(nginx);
        return nginx.switcher();
    }
}
