package dev.nonevent.pipeline.docker.inside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderTest {

    @Test
    void beforeEachWordStandsHowManyLinesItHas() {
        byte[] order =
                Order.run("MARK", List.of("echo", "two\nlines", ""), Path.of("/work"), Map.of("B", "2\n", "A", "1"));

        assertThat(new String(order, StandardCharsets.UTF_8))
                .isEqualTo("run\n1\nMARK\n1\n/work\n2 5\n1\nA=1\n2\nB=2\n\n1\necho\n2\ntwo\nlines\n1\n\n");
    }

    @Test
    void aVariableWithANameNoShellTakesIsRefusedAndItsValueIsNotShown() {
        assertThatThrownBy(() -> Order.run("MARK", List.of("mvn"), Path.of("/work"), Map.of("spring.url", "hunter2")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage(
                        "the variable \"spring.url\" of mvn has a name that no shell takes, and a command of a stage"
                                + " gets its variables through one: use letters, digits and underscores");
    }
}
