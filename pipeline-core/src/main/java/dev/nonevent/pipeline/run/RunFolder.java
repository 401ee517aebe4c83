package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Where one run keeps its files: {@code home/runs/<id>}, for its owner's eyes only. */
final class RunFolder {

    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("uuMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path home;
    private final RunId id;

    private final int attempt;

    private RunFolder(Path home, RunId id, int attempt) {
        this.home = home;
        this.id = id;
        this.attempt = attempt;
    }

    /** The folder of a run that is there; empty if there is none. */
    static Optional<RunFolder> find(Path home, RunId id) {
        RunFolder folder = new RunFolder(home.toAbsolutePath().normalize(), id, 1);
        boolean isName = id.value().matches("[0-9]+(-[0-9]+)*");
        return isName && Files.isDirectory(folder.directory()) ? Optional.of(folder) : Optional.empty();
    }

    /** The same run once more. What an earlier process left is in nobody's way; what of it still writes, neither. */
    RunFolder attempt(int number) {
        RunFolder folder = new RunFolder(home, id, number);
        try {
            makeDirectories(folder.logs());
        } catch (IOException broken) {
            throw new InfrastructureException("run " + id + " cannot go on in " + directory() + ": " + broken, broken);
        }
        return folder;
    }

    /**
     * Makes the folder of a new run. Its id is the time to the millisecond; the directory is made exclusively, and who
     * comes second in one millisecond takes the next free one, in whichever process.
     */
    static RunFolder create(Path home, TimeSource time) {
        try {
            Path top = home.toAbsolutePath().normalize();
            Path runs = makeDirectories(top.resolve("runs"));
            for (Instant at = time.now(); ; at = at.plusMillis(1)) {
                RunId id = new RunId(ID.format(at));
                if (makeExclusively(runs.resolve(id.value()))) {
                    RunFolder folder = new RunFolder(top, id, 1);
                    makeDirectories(folder.logs());
                    return folder;
                }
            }
        } catch (IOException broken) {
            throw new InfrastructureException("no run can be kept under " + home + ": " + broken, broken);
        }
    }

    static Path makeDirectories(Path directory) throws IOException {
        return Files.createDirectories(directory, ownerOnly(directory));
    }

    Path home() {
        return home;
    }

    RunId id() {
        return id;
    }

    Path directory() {
        return home.resolve("runs").resolve(id.value());
    }

    Path logs() {
        return part("logs");
    }

    Path log(String slug) {
        return logs().resolve(slug + ".log");
    }

    Path work() {
        return part("work");
    }

    /** The workspaces that processes before this one have left. */
    List<Path> earlierWork() {
        return IntStream.range(1, attempt)
                .mapToObj(number -> new RunFolder(home, id, number).work())
                .filter(Files::isDirectory)
                .toList();
    }

    private Path part(String name) {
        return (attempt == 1 ? directory() : directory().resolve("attempt-" + attempt)).resolve(name);
    }

    private static boolean makeExclusively(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, ownerOnly(directory));
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path path) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
