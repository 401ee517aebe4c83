package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OccurrencesTest {

    @Test
    void aTextIsFoundWhereverTheChunksAreCut() {
        byte[] printed = "größe: ready".getBytes(StandardCharsets.UTF_8);
        for (int cut = 1; cut < printed.length; cut++) {
            Occurrences occurrences = new Occurrences("öße: ready", 1);

            occurrences.write(Arrays.copyOfRange(printed, 0, cut));
            assertThat(occurrences.isFound()).isFalse();
            occurrences.write(Arrays.copyOfRange(printed, cut, printed.length));

            assertThat(occurrences.isFound()).as("cut at " + cut).isTrue();
        }
    }

    @Test
    void eachOccurrenceCountsOnce() {
        Occurrences occurrences = new Occurrences("aa", 3);

        write(occurrences, "aaa");
        write(occurrences, "aa");
        assertThat(occurrences.isFound()).isFalse();

        write(occurrences, "a");
        assertThat(occurrences.isFound()).isTrue();
    }

    @Test
    void whatFollowsDoesNotTakeItBack() {
        Occurrences occurrences = new Occurrences("ready", 1);

        write(occurrences, "ready\n");
        write(occurrences, "and more\n");

        assertThat(occurrences.isFound()).isTrue();
    }

    private static void write(Occurrences occurrences, String text) {
        occurrences.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
