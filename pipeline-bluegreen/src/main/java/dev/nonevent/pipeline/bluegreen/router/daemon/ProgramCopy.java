package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.switchboard.PrivateFile;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The daemon's own copy of its program, in its home: a build that cleans or overwrites what the deployer was started from
 * must not pull the classes away under a router that runs for months.
 *
 * <p>A copy is named for what is in it, and appears whole or not at all.
 */
public final class ProgramCopy {

    private static final int NAME_BYTES = 16;

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

    /** Names the content of the copy that this is the class path of; what is no copy has no name but itself. */
    public String name(String classPath) {
        Path first = Path.of(classPath.split(File.pathSeparator, -1)[0]);
        return first.startsWith(programs)
                ? programs.relativize(first).getName(0).toString()
                : classPath;
    }

    /** Removes the copies of former routers, but for these; called by the one that holds the home's lock. */
    void keepOnly(Collection<String> names) throws IOException {
        if (!Files.exists(programs)) {
            return;
        }
        try (Stream<Path> copies = Files.list(programs)) {
            for (Path copy : copies.toList()) {
                String name = copy.getFileName().toString();
                boolean beingMade = name.startsWith("new-");
                if (!names.contains(name) && !beingMade) {
                    delete(copy);
                }
            }
        }
    }

    private void make(List<Path> places, Path copy) throws IOException {
        PrivateFile.directory(programs);
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

    /** By what is in the files and not by where they lie or how old they are: the same build twice is the same program. */
    private static String nameFor(List<Path> places) throws IOException {
        MessageDigest digest = sha256();
        for (int i = 0; i < places.size(); i++) {
            Path place = places.get(i);
            digest.update((entry(i, place) + '\n').getBytes(StandardCharsets.UTF_8));
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    String name = place.relativize(file) + "\n" + Files.size(file) + "\n";
                    digest.update(name.getBytes(StandardCharsets.UTF_8));
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
