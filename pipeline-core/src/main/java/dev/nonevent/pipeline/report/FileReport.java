package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.event.RunListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Writes a file about each run when it is over, however it ended: wholly or not at all. Made of the events, and of the
 * logs they name. Runs side by side do not mix.
 */
final class FileReport implements RunListener {

    private final Function<RunEvent.RunStarted, Path> where;
    private final Form form;
    private final Writing writing;
    private final Map<RunId, RunFacts> runs = new ConcurrentHashMap<>();

    /** How a run looks in a file. */
    interface Form {

        /** @param file where the text will lie; not there yet, or still the one of an earlier run */
        String text(RunFacts facts, Path file) throws IOException;
    }

    /** How a text gets into a file. */
    private interface Writing {

        void write(Path file, String text, RunId run) throws IOException;
    }

    private FileReport(Function<RunEvent.RunStarted, Path> where, Form form, Writing writing) {
        this.where = where;
        this.form = form;
        this.writing = writing;
    }

    static FileReport at(Path file, Form form) {
        return new FileReport(run -> file, form, FileReport::replace);
    }

    static FileReport inRunFolder(String name, Form form) {
        return new FileReport(run -> run.home().resolve(name), form, FileReport::replace);
    }

    /** After what is in the file already. */
    static FileReport appendedTo(Path file, Form form) {
        return new FileReport(run -> file, form, FileReport::append);
    }

    /** @throws UncheckedIOException if the run is over and the file cannot be written */
    @Override
    public void on(RunEvent event) {
        RunFacts facts = runs.computeIfAbsent(event.run(), run -> new RunFacts());
        facts.take(event);
        if (facts.ended != null) {
            runs.remove(event.run());
            if (facts.started != null) {
                write(facts, where.apply(facts.started).toAbsolutePath().normalize());
            }
        }
    }

    private void write(RunFacts facts, Path file) {
        try {
            writing.write(file, form.text(facts, file), facts.run());
        } catch (IOException broken) {
            throw new UncheckedIOException("the report " + file + " cannot be written: " + broken, broken);
        }
    }

    private static void replace(Path file, String text, RunId run) throws IOException {
        Path directory = file.getParent();
        if (directory == null) {
            throw new IOException("it is a directory");
        } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            // a rename would put the report in the place of /dev/stdout, for every process of the machine
            throw new IOException("it is a directory, a device or a link, whose place no report takes; name a file");
        }
        Files.createDirectories(directory);
        Path half = directory.resolve("." + file.getFileName() + "." + run + ".tmp");
        try {
            Files.write(half, bytes(text));
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(half);
        }
    }

    private static void append(Path file, String text, RunId run) throws IOException {
        Files.write(file, bytes(text), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Half a pair becomes a question mark; {@link Files#writeString} would refuse the whole text. */
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
