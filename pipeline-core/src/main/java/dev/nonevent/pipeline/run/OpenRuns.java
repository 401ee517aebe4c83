package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.journal.RunJournal;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The runs of one pipeline under one home that have not come to an end. Reads, and changes nothing. */
public final class OpenRuns {

    /** Older ones are nobody's business any more, and all of them have to be looked into. */
    private static final int NEWEST = 200;

    private final Path runs;
    private final String pipeline;

    private OpenRuns(Path runs, String pipeline) {
        this.runs = runs;
        this.pipeline = pipeline;
    }

    /**
     * A run that has not come to an end.
     *
     * @param underWay whether some process is at work on it; else it was cut short, and can be resumed
     */
    public record Open(String run, Instant begun, boolean underWay) {}

    /** The runs of this pipeline under this home; there need not be any. */
    public static OpenRuns of(Path home, String pipeline) {
        return new OpenRuns(home.toAbsolutePath().normalize().resolve("runs"), pipeline);
    }

    /** Those among the newest runs, the newest last. */
    public List<Open> all() {
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(runs)) {
            List<Path> newest =
                    directories.sorted(Comparator.reverseOrder()).limit(NEWEST).toList();
            return newest.stream()
                    .flatMap(directory -> open(directory).stream())
                    .sorted(Comparator.comparing(Open::run))
                    .toList();
        } catch (IOException broken) {
            throw new InfrastructureException("the runs in " + runs + " cannot be looked at: " + broken, broken);
        }
    }

    private Optional<Open> open(Path directory) {
        RunJournal.Glance glance = RunJournal.glance(directory);
        // Asked last: a run that ends in this moment is over and held, and must not be taken for one that was cut
        // short.
        return glance.begun()
                .filter(begun -> begun.pipeline().equals(pipeline) && !glance.isOver())
                .map(begun ->
                        new Open(String.valueOf(directory.getFileName()), begun.at(), RunJournal.isHeld(directory)))
                .filter(open -> open.underWay() || !RunJournal.glance(directory).isOver());
    }
}
