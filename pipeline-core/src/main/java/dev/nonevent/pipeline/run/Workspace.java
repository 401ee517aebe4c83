package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of one stage's own. It is made when it is first asked for, with the tree the stage needs in it: a stage
 * that never looks costs nothing.
 */
final class Workspace {

    private final Path place;
    private final Optional<Tree> content;
    private final ArtifactStore artifacts;

    // Guarded by this.
    private @Nullable Path directory;

    Workspace(Path place, Optional<Tree> content, ArtifactStore artifacts) {
        this.place = place;
        this.content = content;
        this.artifacts = artifacts;
    }

    synchronized Path directory() {
        if (directory == null) {
            try {
                // The real path: what is in it is compared with real paths.
                Path made = RunFolder.makeDirectories(place).toRealPath();
                content.ifPresent(tree -> artifacts.copy(tree, made));
                directory = made;
            } catch (IOException broken) {
                throw new InfrastructureException("the workspace " + place + " cannot be made: " + broken, broken);
            }
        }
        return directory;
    }

    /** A place in here that does not exist yet, its parent made. */
    Path free(String relative) {
        Path path = inside(relative);
        Path parent = path.equals(directory()) ? path : path.resolveSibling("");
        try {
            Files.createDirectories(parent);
            mustBeInside(parent, relative);
        } catch (IOException broken) {
            throw new InfrastructureException("no place for " + relative + " in the workspace: " + broken, broken);
        }
        return path;
    }

    /** A directory in here. */
    Path existing(String relative) {
        Path path = inside(relative);
        if (!Files.isDirectory(path)) {
            throw new IllegalStateException("there is no directory " + relative + " in the workspace");
        }
        mustBeInside(path, relative);
        return path;
    }

    /** The files that match, sorted; never empty. */
    List<Path> matching(String glob) {
        if (Path.of(glob).isAbsolute() || List.of(glob.split("/", -1)).contains("..")) {
            throw escape(glob);
        }
        Path top = directory();
        Path start = top.resolve(literalPrefix(glob));
        PathMatcher matcher = matcher(glob);
        try (Stream<Path> files = Files.exists(start) ? Files.walk(start) : Stream.empty()) {
            List<Path> found = files.filter(file -> matcher.matches(top.relativize(file)))
                    .filter(Files::isRegularFile)
                    .filter(this::isInside)
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalStateException("no file matches " + glob + " in the workspace");
            }
            return found;
        } catch (IOException | UncheckedIOException broken) {
            throw new InfrastructureException("the workspace cannot be searched for " + glob + ": " + broken, broken);
        }
    }

    private Path inside(String relative) {
        try {
            Path top = directory();
            Path path = top.resolve(relative).normalize();
            if (Path.of(relative).isAbsolute() || !path.startsWith(top)) {
                throw escape(relative);
            }
            return path;
        } catch (InvalidPathException wrong) {
            throw new IllegalArgumentException("\"" + relative + "\" is not a path: " + wrong.getReason(), wrong);
        }
    }

    private void mustBeInside(Path path, String relative) {
        if (!isInside(path)) {
            throw escape(relative);
        }
    }

    /** Where it really lies: a symbolic link may lead anywhere. */
    private boolean isInside(Path path) {
        try {
            return path.toRealPath().startsWith(directory());
        } catch (IOException gone) {
            return false;
        }
    }

    private static IllegalArgumentException escape(String relative) {
        return new IllegalArgumentException(
                "\"" + relative + "\" leads out of the workspace: use a relative path inside it");
    }

    /** The directories before the first wildcard, so that only they are searched. */
    private static String literalPrefix(String glob) {
        int wild = 0;
        while (wild < glob.length() && "*?[{\\".indexOf(glob.charAt(wild)) < 0) {
            wild++;
        }
        return wild == glob.length() ? glob : glob.substring(0, Math.max(0, glob.lastIndexOf('/', wild)));
    }

    /** As Java's glob, but a leading {@code **}{@code /} also matches no directory at all, as everywhere else. */
    private static PathMatcher matcher(String glob) {
        PathMatcher exact = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        if (!glob.startsWith("**/")) {
            return exact;
        }
        PathMatcher shallow = FileSystems.getDefault().getPathMatcher("glob:" + glob.substring(3));
        return path -> exact.matches(path) || shallow.matches(path);
    }
}
