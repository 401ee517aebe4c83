package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    @TempDir
    Path home;

    @Test
    void whatWasAppendedIsReadBackTheNewestLast() throws Exception {
        History.Entry first = entry("1", Optional.of("c0ffee"));
        History.Entry second = entry("2", Optional.empty());
        History history = new History(home, "shop");

        history.append(first);
        history.append(second);

        assertThat(history.last(10)).containsExactly(first, second);
        assertThat(history.last(1)).containsExactly(second);
        assertThat(new History(home, "other").last(10)).isEmpty();
    }

    @Test
    void aLineWithoutAllThatARunHasIsPassedOver() throws Exception {
        History history = new History(home, "shop");
        history.append(entry("1", Optional.empty()));
        Files.writeString(
                history.file(),
                "{\"run\":\"2\",\"outcome\":\"passed\",\"started\":\"yesterday\"}\nnull\n[]\n{\"run\":\"3\",\"outc",
                StandardOpenOption.APPEND);

        history.append(entry("4", Optional.empty()));

        assertThat(history.last(10)).extracting(History.Entry::run).containsExactly("1", "4");
    }

    private static History.Entry entry(String run, Optional<String> commit) {
        return new History.Entry(
                run, "passed", Instant.parse("2030-01-02T03:04:05.006Z"), Duration.ofMillis(1_234), commit);
    }
}
