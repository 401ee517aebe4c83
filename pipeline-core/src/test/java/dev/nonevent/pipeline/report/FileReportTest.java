package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.outcome.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReportTest {

    @TempDir
    Path directory;

    @Test
    void nothingIsWrittenBeforeTheRunIsOver() {
        Path file = directory.resolve("deep/down/report");
        Story story = new Story(FileReport.at(file, (facts, at) -> facts.pipeline())).begins("a");
        assertThat(file.getParent()).doesNotExist();

        story.isOver(Outcome.passed());

        assertThat(file).hasContent("shop");
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void theOneOfAnEarlierRunStaysWholeIfTheNextCannotBeMade() throws IOException {
        Path file = Files.writeString(directory.resolve("report"), "earlier");
        FileReport report = FileReport.at(file, (facts, at) -> {
            throw new IOException("the disk is full");
        });

        assertThatThrownBy(() -> new Story(report).begins("a").isOver(Outcome.passed()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("the report " + file + " cannot be written: java.io.IOException: the disk is full");
        assertThat(file).hasContent("earlier");
        assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void aPlaceThatIsADirectoryIsSaid() throws IOException {
        Path file = Files.createDirectories(directory.resolve("report/full")).getParent();

        assertThatThrownBy(() -> new Story(FileReport.at(file, (facts, at) -> "x"))
                        .begins("a")
                        .isOver(Outcome.passed()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("the report " + file + " cannot be written: ");
        assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void whatIsALinkOrADeviceStaysWhatItIs() throws IOException {
        Path device = Files.createSymbolicLink(directory.resolve("stdout"), Path.of("/dev/null"));

        assertThatThrownBy(() -> new Story(FileReport.at(device, (facts, at) -> "x"))
                        .begins("a")
                        .isOver(Outcome.passed()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("the report " + device + " cannot be written: java.io.IOException: it is a directory,"
                        + " a device or a link, whose place no report takes; name a file");
        assertThat(device).isSymbolicLink();
        assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void aRunIsForgottenWhenItIsOver() {
        Path file = directory.resolve("report");
        FileReport report = FileReport.at(file, (facts, at) -> facts.stages().size() + " stages");
        new Story(report).begins("a", "b").isOver(Outcome.passed());

        new Story(report).begins("c").isOver(Outcome.passed());

        assertThat(file).hasContent("1 stages");
    }

    @Test
    void halfOfAPairOfCharactersDoesNotKeepTheRestFromBeingWritten() {
        Path file = directory.resolve("report");

        new Story(FileReport.at(file, (facts, at) -> "a\ud83d!")).begins("a").isOver(Outcome.passed());

        assertThat(file).hasContent("a?!");
    }
}
