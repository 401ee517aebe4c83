package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.bluegreen.contract.TrafficContract;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** The fake keeps what it stands for promises, whatever it can do. */
class FakeSwitcherTest extends TrafficContract {

    @Override
    protected TrafficSwitcher switcher() {
        return new FakeSwitcher();
    }

    @Nested
    class ThatCanDoNothingMore extends TrafficContract {

        @Override
        protected TrafficSwitcher switcher() {
            return new FakeSwitcher().can(Set.of());
        }
    }

    @Nested
    class ThatCounts extends TrafficContract {

        @Override
        protected TrafficSwitcher switcher() {
            return new FakeSwitcher().can(Set.of(Capability.COUNTS));
        }
    }
}
