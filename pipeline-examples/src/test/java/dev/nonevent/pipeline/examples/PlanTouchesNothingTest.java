package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PlanTouchesNothingTest {

    @Test
    @DisabledForJreRange(minVersion = 24, disabledReason = "JEP 486 took the security manager away")
    void aPlanIsMadeWithoutAnyFileSocketOrProgram(@TempDir Path directory) throws Exception {
        SceneProcess planner = SceneProcess.start(
                PlanUnderGuard.class, directory, Map.of("JAVA_TOOL_OPTIONS", "-Djava.security.manager=allow"));

        assertThat(planner.end()).as(planner.screen()).isZero();
        assertThat(planner.screen()).containsPattern("planned: 6 texts, [1-9] problems");
    }
}
