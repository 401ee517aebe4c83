package dev.nonevent.pipeline.run;

import static java.util.Objects.requireNonNull;

import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.Leak;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Looks for the secrets of a run in what is kept: in what a stage wants to keep before it is taken, and in the folder of
 * the run at its end. A find is told by file and offset, never by what was found. Without secrets nothing is read.
 */
final class LeakAudit {

    private static final String WAY_OUT = "; change the secret, and keep its value out of files";

    private final Redaction redaction;

    LeakAudit(Redaction redaction) {
        this.redaction = redaction;
    }

    /**
     * @param content a file or directory
     * @throws IllegalStateException if it tells a secret; nothing of it has been kept
     */
    void requireClean(Path content) {
        List<String> leaks =
                leaksUnder(content, requireNonNull(content.toAbsolutePath().getParent()), path -> true);
        if (!leaks.isEmpty()) {
            throw new IllegalStateException("not kept: " + leaks.get(0) + WAY_OUT);
        }
    }

    /** What the end of a run is, given what lies in its folder: a leak is a failure. */
    Outcome of(Outcome outcome, Shared shared) {
        List<String> leaks;
        try {
            leaks = leaksUnder(
                    shared.folder().directory(),
                    shared.folder().home(),
                    // Removed with the run.
                    path -> !path.startsWith(shared.folder().work()));
        } catch (RuntimeException unread) { // whatever it is, the run must come to its end
            Aftermath.note(String.valueOf(unread.getMessage()), unread, shared);
            return outcome.hasPassed() ? redaction.outcome(new Outcome.Errored(Failure.of(unread))) : outcome;
        }
        leaks.forEach(leak -> Aftermath.note(leak + WAY_OUT, shared));
        return leaks.isEmpty() || !outcome.hasPassed()
                ? outcome
                : new Outcome.Failed(new Failure(leaks.get(0) + WAY_OUT, leaks.subList(1, leaks.size()), null));
    }

    /** Sentences, by file name. */
    private List<String> leaksUnder(Path content, Path namedFrom, Predicate<Path> counts) {
        if (!redaction.isNeeded()) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(content)) {
            return paths.filter(counts)
                    .sorted()
                    .flatMap(path -> leaksIn(path, namedFrom.relativize(path.toAbsolutePath())))
                    .toList();
        } catch (IOException | UncheckedIOException unread) {
            throw new InfrastructureException(
                    "nobody knows whether a secret is in " + content + ": it cannot be read (" + unread + ")", unread);
        }
    }

    private Stream<String> leaksIn(Path path, Path name) {
        Stream<String> inName = redaction.leakIn(String.valueOf(path.getFileName())).stream()
                .map(leak -> "the name of " + redaction.text(name.toString()) + " tells secret \""
                        + leak.secret().name() + "\"");
        Stream<String> inContent = contentLeak(path).stream()
                .map(leak -> redaction.text(name.toString()) + " tells secret \""
                        + leak.secret().name() + "\" at byte " + leak.offset());
        return Stream.concat(inName, inContent);
    }

    private Optional<Leak> contentLeak(Path path) {
        try {
            if (Files.isSymbolicLink(path)) {
                return redaction.leakIn(Files.readSymbolicLink(path).toString());
            }
            return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? redaction.leakIn(path) : Optional.empty();
        } catch (IOException unread) {
            throw new UncheckedIOException(unread);
        }
    }
}
