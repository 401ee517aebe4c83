package dev.nonevent.pipeline.gate;

import dev.nonevent.pipeline.executor.CommandResult;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The report files a command wrote: found under its directory, written since it started, of a size that can be read.
 * Whatever casts doubt on one of them makes all of them unusable.
 */
final class Evidence {

    static final int MOST_FILES = 10_000;
    private static final int DEEPEST = 64;
    /** Kernels stamp files with the time of their last tick, which lies up to 10 ms back. */
    private static final Duration TICK = Duration.ofMillis(10);

    private final CommandResult result;
    private final String glob;
    private final List<PathMatcher> matchers;

    /** @throws IllegalArgumentException if the glob is absolute, leaves the directory or is none */
    Evidence(CommandResult result, String glob) {
        this.result = result;
        this.glob = glob;
        if (glob.isBlank() || glob.startsWith("/") || List.of(glob.split("/")).contains("..")) {
            throw new IllegalArgumentException("report glob \"" + glob
                    + "\" must stay inside the workspace, such as target/surefire-reports/*.xml");
        }
        this.matchers = List.of(
                FileSystems.getDefault().getPathMatcher("glob:" + glob),
                // "**/" also means "right here"; the JDK thinks otherwise.
                FileSystems.getDefault().getPathMatcher("glob:" + glob.replace("**/", "")));
    }

    /** Sorted by path, at least one; each is a regular file that is fresh, not empty and at most so many bytes long. */
    List<Path> files(long mostBytes) throws UnusableEvidence {
        List<Path> found = new ArrayList<>();
        try {
            if (Files.isDirectory(result.directory())) {
                Files.walkFileTree(result.directory(), Collections.emptySet(), DEEPEST, collectingInto(found));
            }
            if (found.isEmpty()) {
                throw new UnusableEvidence(
                        "no report: nothing matches " + glob + " in " + result.directory() + howItEnded());
            }
            if (found.size() > MOST_FILES) {
                throw new UnusableEvidence("too many reports: more than " + MOST_FILES + " files match " + glob + " in "
                        + result.directory());
            }
            Collections.sort(found);
            for (Path file : found) {
                usable(file, mostBytes);
            }
        } catch (IOException unreadable) {
            throw new UnusableEvidence(
                    "the reports " + glob + " in " + result.directory() + " cannot be looked at: " + unreadable);
        }
        return found;
    }

    /** The file's bytes; a link put in its place meanwhile is not followed. */
    InputStream open(Path file) throws IOException {
        return new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), 1 << 16);
    }

    /** The file as people know it: relative to where the command ran. */
    String name(Path file) {
        return Words.line(result.directory().relativize(file).toString());
    }

    private FileVisitor<Path> collectingInto(List<Path> found) {
        return new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return visitFile(directory, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                Path relative = result.directory().relativize(file);
                if (matchers.stream().anyMatch(matcher -> matcher.matches(relative))) {
                    found.add(file);
                }
                return found.size() > MOST_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
                throw problem;
            }
        };
    }

    private void usable(Path file, long mostBytes) throws IOException, UnusableEvidence {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String report = "report " + name(file);
        if (attributes.isSymbolicLink()) {
            throw new UnusableEvidence(report + " is a symbolic link: a report is a file the command wrote");
        } else if (!attributes.isRegularFile()) {
            throw new UnusableEvidence(
                    report + " is a " + (attributes.isDirectory() ? "directory" : "special file") + ", not a file");
        } else if (attributes.size() == 0) {
            throw new UnusableEvidence(report + " is empty" + howItEnded());
        } else if (attributes.size() > mostBytes) {
            throw new UnusableEvidence(
                    report + " has " + attributes.size() + " bytes; more than " + mostBytes + " are not read");
        } else if (stale(attributes.lastModifiedTime().toInstant())) {
            throw new UnusableEvidence(report + " is stale: written "
                    + attributes.lastModifiedTime().toInstant() + ", before the command started at "
                    + result.startedAt());
        } else if (!Files.isReadable(file)) {
            throw new UnusableEvidence(report + " cannot be read: no permission");
        }
    }

    /** A file system that keeps whole seconds only cannot say more than "in that second". */
    private boolean stale(Instant written) {
        Instant started = written.equals(written.truncatedTo(ChronoUnit.SECONDS))
                ? result.startedAt().truncatedTo(ChronoUnit.SECONDS)
                : result.startedAt().minus(TICK);
        return written.isBefore(started);
    }

    private String howItEnded() {
        String last = result.lastLines().isEmpty()
                ? ""
                : ", its last line: "
                        + Words.line(result.lastLines().get(result.lastLines().size() - 1));
        return "; " + Words.line(result.line()) + " exited " + result.exitCode() + last;
    }
}
