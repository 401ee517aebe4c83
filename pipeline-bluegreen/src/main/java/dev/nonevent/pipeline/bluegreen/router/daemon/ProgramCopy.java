package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The daemon's own copy of its program, in its home: a build that cleans or overwrites what the deployer was started from
 * must not pull the classes away under a router that runs for months.
 *
 * <p>A copy is named for what is in it, and appears whole or not at all.
 */
public final class ProgramCopy {

    private final Path programs;

    public ProgramCopy(Path home) {
        programs = home.resolve("program");
    }

    /** The class path of a copy of everything on this one. */
    public String of(String classPath) {
        List<Path> places = Stream.of(classPath.split(File.pathSeparator, -1))
                .filter(place -> !place.isEmpty())
                .map(place -> Path.of(place).toAbsolutePath())
                .filter(Files::exists)
                .toList();
        try {
            Path copy = programs.resolve(nameFor(places));
            if (!Files.exists(copy)) {
                make(places, copy);
            }
            List<String> entries = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                entries.add(copy.resolve(entry(i, places.get(i))).toString());
            }
            return String.join(File.pathSeparator, entries);
        } catch (IOException e) {
            throw new InfrastructureException(
                    "the router's program could not be copied to " + programs + " (" + e.getMessage()
                            + "): make room there",
                    e);
        }
    }

    /** Removes the copies of former routers; called by the one that holds the home's lock, about what it runs from. */
    void keepOnly(String classPath) throws IOException {
        if (!Files.exists(programs)) {
            return;
        }
        try (Stream<Path> copies = Files.list(programs)) {
            for (Path copy : copies.toList()) {
                boolean inUse = classPath.contains(copy.toString());
                boolean beingMade = copy.getFileName().toString().startsWith("new-");
                if (!inUse && !beingMade) {
                    delete(copy);
                }
            }
        }
    }

    private void make(List<Path> places, Path copy) throws IOException {
        Files.createDirectories(programs);
        Path next = Files.createTempDirectory(programs, "new-");
        for (int i = 0; i < places.size(); i++) {
            copy(places.get(i), next.resolve(entry(i, places.get(i))));
        }
        try {
            Files.move(next, copy, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            delete(next);
            // there now: somebody was quicker with the same copy
            if (!Files.exists(copy)) {
                throw e;
            }
        }
    }

    private static String entry(int index, Path place) {
        return index + "-" + place.getFileName();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static String nameFor(List<Path> places) throws IOException {
        StringBuilder content = new StringBuilder();
        for (Path place : places) {
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    content.append(file)
                            .append(' ')
                            .append(Files.size(file))
                            .append(' ')
                            .append(Files.getLastModifiedTime(file).toMillis())
                            .append('\n');
                }
            }
        }
        return UUID.nameUUIDFromBytes(content.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
