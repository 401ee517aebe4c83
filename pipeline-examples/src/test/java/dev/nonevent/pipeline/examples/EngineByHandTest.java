package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.plan.Plan;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineByHandTest {

    @Test
    void aChainIsOneAfterTheOther() {
        assertThat(before("chain", 3, 2)).containsExactly("s1");
    }

    @Test
    void aFanHasNoOrder() {
        assertThat(before("fan", 3, 2)).isEmpty();
    }

    @Test
    void layersComeAfterThreeOfTheLayerBeforeAndFullOnesAfterAllOfIt() {
        assertThat(before("layers", 50, 4)).isEmpty();
        assertThat(before("layers", 50, 5)).containsExactly("s0", "s1", "s2");
        assertThat(before("layers", 50, 9)).containsExactly("s4", "s0", "s1");
        assertThat(before("full", 50, 9)).containsExactly("s0", "s1", "s2", "s3", "s4");
    }

    @Test
    void aShapeThatIsNoneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EngineByHand.pipeline("star", 1, List.of("true")))
                .withMessageContaining("no such shape: star");
    }

    private static List<String> before(String shape, int stages, int index) {
        Declaration step = Plan.of(EngineByHand.pipeline(shape, stages, List.of("true")))
                .steps()
                .get(index);
        return step.before().map(Handle::name).toList();
    }
}
