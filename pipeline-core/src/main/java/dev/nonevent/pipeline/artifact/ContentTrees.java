package dev.nonevent.pipeline.artifact;

import static java.util.Objects.requireNonNull;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Trees under the digest of their list: the files in {@code content}, and beside them the list of what they must be. */
record ContentTrees(Path trees, Path incoming) {

    private static final String CONTENT = "content";
    private static final String LIST = "list";

    Tree keep(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new InfrastructureException("cannot keep " + directory + " as a tree: it is not a directory");
        }
        Files.createDirectories(incoming);
        Path fresh = Files.createTempDirectory(incoming, "tree-");
        try {
            List<TreeEntry> entries = new TreeReader(directory.toRealPath(), fresh.resolve(CONTENT)).read();
            byte[] list = TreeEntry.list(entries);
            String sha256 = Disk.digest(list);
            Files.write(fresh.resolve(LIST), list);
            Disk.force(fresh.resolve(LIST));
            place(fresh, path(sha256), sha256);
            int files = (int) entries.stream().filter(TreeEntry::isFile).count();
            return new Tree(path(sha256).resolve(CONTENT), sha256, files);
        } finally {
            Disk.delete(fresh);
        }
    }

    void copy(Tree tree, Path directory) throws IOException {
        Path kept = path(tree.sha256());
        if (!Files.exists(kept.resolve(LIST))) {
            throw new InfrastructureException(
                    "tree with sha256 " + tree.sha256() + " is not in " + trees + "; build it again");
        }
        Files.createDirectories(directory);
        for (TreeEntry entry : entries(kept, tree.sha256())) {
            Path target = directory.resolve(entry.path());
            boolean isThere = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
            if (isThere && !(entry.isDirectory() && Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS))) {
                // Whatever had this name before: writing through a link would end outside.
                Files.delete(target);
                isThere = false;
            }
            if (entry.isDirectory() && !isThere) {
                Files.createDirectory(target);
            } else if (entry.isLink()) {
                Files.createSymbolicLink(target, Path.of(entry.content()));
            } else if (entry.isFile()) {
                copyFile(kept.resolve(CONTENT).resolve(entry.path()), target, entry);
            }
        }
    }

    boolean holds(Tree tree) throws IOException {
        Path kept = path(tree.sha256());
        return tree.path().equals(kept.resolve(CONTENT)) && isWhole(kept, tree.sha256());
    }

    private static void copyFile(Path kept, Path target, TreeEntry entry) throws IOException {
        String found = Disk.copy(kept, target);
        if (!found.equals(entry.content())) {
            Files.delete(target);
        }
        ContentFiles.requireWhole(kept, entry.content(), found);
        Disk.makeWritable(target, entry.isExecutable());
    }

    private List<TreeEntry> entries(Path kept, String sha256) throws IOException {
        byte[] list = Files.readAllBytes(kept.resolve(LIST));
        ContentFiles.requireWhole(kept.resolve(LIST), sha256, Disk.digest(list));
        return TreeEntry.parse(new String(list, StandardCharsets.UTF_8));
    }

    private Path path(String sha256) {
        return trees.resolve(sha256.substring(0, 2)).resolve(sha256.substring(2));
    }

    private void place(Path fresh, Path kept, String sha256) throws IOException {
        Path shelf = requireNonNull(kept.getParent());
        Files.createDirectories(shelf);
        if (Files.exists(kept) && !isWhole(kept, sha256)) {
            Path damaged = Files.createTempDirectory(incoming, "damaged-");
            Files.move(kept, damaged.resolve(CONTENT), StandardCopyOption.ATOMIC_MOVE);
            Disk.delete(damaged);
        }
        try {
            if (!Files.exists(kept)) {
                Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE);
                Disk.forceDirectory(shelf);
            }
        } catch (FileSystemException e) {
            // Somebody else kept the same tree in this moment: then theirs is ours.
            if (!isWhole(kept, sha256)) {
                throw e;
            }
        }
    }

    private boolean isWhole(Path kept, String sha256) throws IOException {
        if (!Files.exists(kept.resolve(LIST))
                || !Disk.digest(kept.resolve(LIST)).equals(sha256)) {
            return false;
        }
        for (TreeEntry entry : entries(kept, sha256)) {
            Path file = kept.resolve(CONTENT).resolve(entry.path());
            boolean isThere = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            if (!isThere || (entry.isFile() && !Disk.digest(file).equals(entry.content()))) {
                return false;
            }
        }
        return true;
    }
}
