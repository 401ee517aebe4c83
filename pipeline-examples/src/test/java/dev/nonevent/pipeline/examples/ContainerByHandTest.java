package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.executor.LocalExecutor;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On this machine: where the stages run is no matter to what it says. */
@Timeout(60)
class ContainerByHandTest {

    @TempDir
    Path workspace;

    @Test
    void aStageIsAnsweredWithItsTimeAndWhatItPrinted() throws Exception {
        assertThat(obeyed("3 echo hello")).singleElement().asString().matches("done \\d+\\.\\d{3} 3 lines");
    }

    @Test
    void whatFailsOrIsNotUnderstoodIsRefusedAndTheNextLineIsObeyed() throws Exception {
        List<String> said = obeyed("1 false\nstage\n1 true");

        assertThat(said).hasSize(3);
        assertThat(said.get(0)).isEqualTo("refused false exited 1");
        assertThat(said.get(1)).isEqualTo("refused stage: say how often, and which command");
        assertThat(said.get(2)).startsWith("done ");
    }

    private List<String> obeyed(String lines) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ContainerByHand.obey(
                LocalExecutor.local(),
                workspace,
                new BufferedReader(new StringReader(lines)),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
