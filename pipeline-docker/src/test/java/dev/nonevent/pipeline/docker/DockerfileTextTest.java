package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class DockerfileTextTest {

    @Test
    void stepsAreCountedAsTheBuilderDoes() {
        DockerfileText text = new DockerfileText("""
                # a comment

                ARG BASE=busybox
                FROM $BASE AS build
                RUN echo one \\
                    # in between

                    && echo two
                  COPY a b
                FROM scratch
                """.lines().toList());

        assertThat(text.lineOfStep(1)).hasValue(3);
        assertThat(text.lineOfStep(2)).hasValue(4);
        assertThat(text.lineOfStep(3)).hasValue(5);
        assertThat(text.lineOfStep(4)).hasValue(9);
        assertThat(text.lineOfStep(5)).hasValue(10);
        assertThat(text.lineOfStep(6)).isEqualTo(OptionalInt.empty());
    }

    @Test
    void anotherEscapeIsTakenFromItsDirective() {
        DockerfileText text = new DockerfileText(
                "# escape=`\nFROM x\nRUN dir c:\\\nRUN a `\n b\nRUN c\n".lines().toList());

        assertThat(text.lineOfStep(3)).hasValue(4);
        assertThat(text.lineOfStep(4)).hasValue(6);
    }
}
