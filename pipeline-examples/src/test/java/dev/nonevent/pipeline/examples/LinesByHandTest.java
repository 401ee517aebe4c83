package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LinesByHandTest {

    @TempDir
    Path home;

    @Test
    void aRunIsAnsweredWithItsLinesAndHowLongTheyTook() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        LinesByHand.run(home, 2_000, 3, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8)).matches("done \\d+\\.\\d{3} ms 2001 lines \\d+ a second\\R");
    }
}
