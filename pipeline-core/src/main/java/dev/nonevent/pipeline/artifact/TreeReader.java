package dev.nonevent.pipeline.artifact;

import static java.util.Objects.requireNonNull;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Takes a read-only copy of a directory and notes what it took. */
final class TreeReader extends SimpleFileVisitor<Path> {

    private final Path root;
    private final Path copy;
    private final List<TreeEntry> entries = new ArrayList<>();

    /** @param root a real path */
    TreeReader(Path root, Path copy) {
        this.root = root;
        this.copy = copy;
    }

    List<TreeEntry> read() throws IOException {
        Files.walkFileTree(root, this);
        return entries;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        Files.createDirectory(copy.resolve(root.relativize(directory).toString()));
        if (!directory.equals(root)) {
            entries.add(new TreeEntry('d', "-", name(directory)));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (attributes.isSymbolicLink()) {
            Path target = Files.readSymbolicLink(file);
            requireInside(file, target);
            Files.createSymbolicLink(copy.resolve(name(file)), target);
            entries.add(new TreeEntry('l', target.toString(), name(file)));
        } else if (attributes.isRegularFile()) {
            boolean executable = Disk.isExecutable(file);
            Path copied = copy.resolve(name(file));
            String sha256 = Disk.copy(file, copied);
            Disk.makeReadOnly(copied, executable);
            entries.add(new TreeEntry(executable ? 'x' : 'f', sha256, name(file)));
        } else {
            throw new InfrastructureException("cannot keep " + root + ": " + name(file)
                    + " is neither file, directory nor link; leave sockets, pipes and devices out of it");
        }
        return FileVisitResult.CONTINUE;
    }

    /** Follows the target word by word as the system would, also through other links and to what does not exist. */
    private void requireInside(Path link, Path target) throws IOException {
        Path at = requireNonNull(link.getParent());
        boolean inside = !target.isAbsolute();
        for (Path word : target) {
            Path next = at.resolve(word).normalize();
            at = Files.exists(next) ? next.toRealPath() : next;
            inside = inside && at.startsWith(root);
        }
        if (!inside) {
            throw new InfrastructureException(
                    "cannot keep " + root + ": the link " + name(link) + " leads out of it, to " + target
                            + "; copy what it names into the directory, or use a relative link inside it");
        }
    }

    private String name(Path path) {
        return root.relativize(path).toString().replace('\\', '/');
    }
}
