package dev.nonevent.pipeline.source;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Writes the files of a commit into an empty directory. Files come first and links last, so that nothing is ever written
 * through a link of the tree itself. A hostile tree is refused as a whole.
 */
final class TreeExport {

    private static final int MOST_FILES = 500_000;
    private static final long MOST_BYTES = 8L << 30;
    private static final int LONGEST_LINK = 4_096;
    private static final int MOST_HOPS = 40;

    private final Repository repository;
    private final Path root;
    private final Consumer<String> log;
    private final Map<Path, String> links = new LinkedHashMap<>();
    private long bytes;
    private int files;

    TreeExport(Repository repository, Path root, Consumer<String> log) {
        this.repository = repository;
        this.root = root;
        this.log = log;
    }

    void write(RevCommit commit) throws IOException, InterruptedException {
        ObjectChecker checker = new ObjectChecker();
        try (TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(commit.getTree());
            walk.setRecursive(true);
            while (walk.next()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("stopped during the checkout");
                }
                String path = walk.getPathString();
                checked(checker, path);
                try {
                    take(walk, path);
                } catch (InvalidPathException unwritable) {
                    throw new InfrastructureException(
                            "the commit holds " + Branch.line(path) + ", a name this Java cannot write in its locale ("
                                    + unwritable.getReason() + "); start it with LC_ALL=C.UTF-8",
                            unwritable);
                }
            }
        }
        for (Map.Entry<Path, String> link : links.entrySet()) {
            create(link.getKey(), link.getValue());
        }
        for (Path link : links.keySet()) {
            staysInside(link);
        }
    }

    private static void checked(ObjectChecker checker, String path) {
        try {
            checker.checkPath(path);
        } catch (CorruptObjectException hostile) {
            throw refused(path, "is not a path a checkout may write: " + hostile.getMessage());
        }
    }

    private void take(TreeWalk walk, String path) throws IOException {
        FileMode mode = walk.getFileMode(0);
        if (mode == FileMode.GITLINK) {
            log.accept("left out submodule " + Branch.line(path));
            return;
        }
        ObjectLoader content = walk.getObjectReader().open(walk.getObjectId(0));
        bytes += content.getSize();
        if (++files > MOST_FILES || bytes > MOST_BYTES) {
            throw new IllegalStateException(
                    "the commit is too large: more than " + MOST_FILES + " files or " + MOST_BYTES + " bytes");
        }
        Path target = root.resolve(path);
        Files.createDirectories(target.getParent());
        if (mode == FileMode.SYMLINK) {
            if (content.getSize() > LONGEST_LINK) {
                throw refused(path, "is a symbolic link of " + content.getSize() + " bytes");
            }
            links.put(target, new String(content.getBytes(), StandardCharsets.UTF_8));
        } else {
            write(content, target, mode == FileMode.EXECUTABLE_FILE);
        }
    }

    private void write(ObjectLoader content, Path target, boolean executable) throws IOException {
        try (OutputStream out =
                Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.copyTo(out);
        } catch (FileAlreadyExistsException clash) {
            throw refused(
                    root.relativize(target).toString(), "is there twice, or differs from another only in its case");
        }
        PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        if (executable && view != null) {
            Set<PosixFilePermission> permissions = view.readAttributes().permissions();
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            if (permissions.contains(PosixFilePermission.GROUP_READ)) {
                permissions.add(PosixFilePermission.GROUP_EXECUTE);
            }
            if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
                permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            }
            view.setPermissions(permissions);
        }
    }

    private void create(Path link, String target) throws IOException {
        String name = root.relativize(link).toString();
        if (target.isEmpty() || target.startsWith("/") || target.indexOf('\0') >= 0) {
            throw refused(name, "is a symbolic link that leaves the tree: " + Branch.line(target));
        }
        try {
            Files.createSymbolicLink(link, Path.of(target));
        } catch (FileAlreadyExistsException clash) {
            throw refused(name, "is there twice, or differs from another only in its case");
        } catch (UnsupportedOperationException none) {
            throw new InfrastructureException(
                    "this file system has no symbolic links, and the commit does: " + name, none);
        }
    }

    /** Walks as the operating system would, through links of the tree too: a path's letters alone can lie. */
    private void staysInside(Path link) throws IOException {
        Deque<Path> ahead = new ArrayDeque<>();
        root.relativize(link).forEach(ahead::addLast);
        Path here = root;
        int hops = 0;
        while (!ahead.isEmpty()) {
            Path step = ahead.removeFirst();
            Path next = here.resolve(step).normalize();
            if (Files.isSymbolicLink(next)) {
                Path target = Files.readSymbolicLink(next);
                for (int at = target.getNameCount() - 1; at >= 0; at--) {
                    ahead.addFirst(target.getName(at));
                }
                if (++hops > MOST_HOPS) {
                    throw refused(root.relativize(link).toString(), "is a symbolic link that goes round in circles");
                }
            } else {
                here = next;
            }
            if (!here.startsWith(root)) {
                throw refused(
                        root.relativize(link).toString(),
                        "is a symbolic link that leaves the tree: " + Branch.line(links.getOrDefault(link, "")));
            }
        }
        if (!Files.exists(here, LinkOption.NOFOLLOW_LINKS)) {
            log.accept("symbolic link " + Branch.line(root.relativize(link).toString()) + " points to nothing");
        }
    }

    private static IllegalStateException refused(String path, String why) {
        return new IllegalStateException("the commit is refused: " + Branch.line(path) + " " + why);
    }
}
