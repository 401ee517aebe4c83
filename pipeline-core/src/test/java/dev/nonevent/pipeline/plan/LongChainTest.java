package dev.nonevent.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LongChainTest {

    /** Each stage once walked all before it: 3,000 took four seconds, and this would take minutes. */
    @Test
    @Timeout(30)
    void aChainOfTwentyThousandStagesIsCheckedAtOnce() {
        Pipeline pipeline = Pipeline.define("shop", p -> {
            Stage<Integer> last = p.stage("first").run(ctx -> 1);
            for (int i = 0; i < 20_000; i++) {
                last = p.stage("s" + i).needs(last).run((ctx, n) -> n);
            }
        });

        assertThat(Plan.of(pipeline).steps()).hasSize(20_001);
    }
}
