package dev.nonevent.pipeline.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.proxy.NeedsProxy;
import dev.nonevent.pipeline.bluegreen.proxy.SwitchesUnderLoad;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NeedsProxy("haproxy")
@Timeout(120)
class HaproxyHitlessTest {

    @TempDir
    Path home;

    @Test
    void fiftySwitchesLoseNoRequestAndNoneReachesTheOldSideAfterwards() throws Exception {
        Traffic traffic = HaproxySwitcher.haproxy(0).open("shop", home);
        try (SwitchesUnderLoad load = new SwitchesUnderLoad(traffic)) {

            load.run(50);

            assertThat(load.refused).isEmpty();
            assertThat(load.failed).isEmpty();
            assertThat(load.lostOnUsedConnections).isEmpty();
            assertThat(load.stale).hasValue(0);
            assertThat(traffic.counts()).allMatch(counts -> counts.failed() == 0);
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
    }
}
