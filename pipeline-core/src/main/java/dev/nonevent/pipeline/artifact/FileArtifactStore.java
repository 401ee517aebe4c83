package dev.nonevent.pipeline.artifact;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps artifacts in a directory of this machine: files under {@code files/ab/cdef…}, trees under {@code trees/ab/cdef…}.
 *
 * <p>The same content is kept once (an executable apart from a plain file). Kept files are read-only, get their name only
 * when they are whole, and are compared with their digest each time they are found or copied; a file is on the disk
 * before it has its name, while a tree that a power cut damaged is noticed when it is read and replaced when it is kept
 * again. Several threads and processes may use one directory. Nothing is deleted; what a killed process left half done
 * lies in {@code incoming} and is never used.
 *
 * <p>A tree is its files, directories and symbolic links with their relative paths, and for a file whether its owner may
 * execute it; other modes, times and owners are not part of it. All methods throw an {@link InfrastructureException}
 * with a sentence that names the file if something cannot be read or written.
 */
public final class FileArtifactStore implements ArtifactStore {

    private final ContentFiles files;
    private final ContentTrees trees;

    private FileArtifactStore(Path directory) {
        this.files = new ContentFiles(directory.resolve("files"), directory.resolve("incoming"));
        this.trees = new ContentTrees(directory.resolve("trees"), directory.resolve("incoming"));
    }

    /** The store in this directory, which is made on first use. */
    public static FileArtifactStore in(Path directory) {
        return new FileArtifactStore(directory.toAbsolutePath().normalize());
    }

    @Override
    public Artifact keep(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new InfrastructureException("cannot keep " + file + ": "
                        + (Files.isDirectory(file) ? "it is a directory; keep it as a tree" : "there is no such file"));
            }
            return files.keep(file);
        } catch (IOException e) {
            throw failed("keep", file, e);
        }
    }

    @Override
    public Tree keepTree(Path directory) {
        try {
            return trees.keep(directory);
        } catch (IOException e) {
            throw failed("keep", directory, e);
        }
    }

    @Override
    public Optional<Artifact> find(String sha256) {
        requireDigest(sha256);
        try {
            return files.find(sha256);
        } catch (IOException e) {
            throw failed("read", files.path(sha256, false), e);
        }
    }

    @Override
    public boolean holds(Artifact artifact) {
        requireDigest(artifact.sha256());
        try {
            return files.holds(artifact);
        } catch (IOException e) {
            throw failed("read", artifact.path(), e);
        }
    }

    @Override
    public boolean holds(Tree tree) {
        requireDigest(tree.sha256());
        try {
            return trees.holds(tree);
        } catch (IOException e) {
            throw failed("read", tree.path(), e);
        }
    }

    @Override
    public void copy(Artifact artifact, Path file) {
        requireDigest(artifact.sha256());
        try {
            files.copy(artifact, file);
        } catch (IOException e) {
            throw failed("copy " + artifact.name() + " to", file, e);
        }
    }

    @Override
    public void copy(Tree tree, Path directory) {
        requireDigest(tree.sha256());
        try {
            trees.copy(tree, directory);
        } catch (IOException e) {
            throw failed("copy a tree to", directory, e);
        }
    }

    private static void requireDigest(String sha256) {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("\"" + sha256 + "\" is not a sha256: 64 lower-case hexadecimal digits");
        }
    }

    private static InfrastructureException failed(String what, Path where, IOException e) {
        return new InfrastructureException(
                "cannot " + what + " " + where + " (" + e + "); see whether it exists, is yours, and the disk has room",
                e);
    }
}
