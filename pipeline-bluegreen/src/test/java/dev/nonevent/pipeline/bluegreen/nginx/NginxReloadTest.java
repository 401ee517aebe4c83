package dev.nonevent.pipeline.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.proxy.NeedsProxy;
import dev.nonevent.pipeline.bluegreen.proxy.SwitchesUnderLoad;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NeedsProxy("nginx")
@Timeout(120)
@Tag("long")
class NginxReloadTest {

    @TempDir
    Path home;

    @Test
    void reloadsRefuseNobodyAndLoseRequestsOnUsedConnectionsOnly() throws Exception {
        Traffic traffic = NginxSwitcher.nginx(0).open("shop", home);
        try (SwitchesUnderLoad load = new SwitchesUnderLoad(traffic)) {

            load.run(20);

            System.out.println("20 reloads of nginx: " + load.answers + " answers, " + load.refused.size()
                    + " refused, " + load.lostOnUsedConnections.size() + " lost on used connections, " + load.stale
                    + " by an old side on connections made before");
            assertThat(load.refused).isEmpty();
            assertThat(load.failed).isEmpty();
            assertThat(load.lostOnUsedConnections.size())
                    .as("about one for each of four busy connections and each reload")
                    .isLessThan(200);
            assertThat(traffic.counts()).allMatch(counts -> counts.failed() == 0);
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
    }
}
