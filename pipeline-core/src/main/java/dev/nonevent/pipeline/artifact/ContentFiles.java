package dev.nonevent.pipeline.artifact;

import static java.util.Objects.requireNonNull;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Files under their digests. An executable has a name of its own, so that each copy has the mode it was kept with. */
record ContentFiles(Path files, Path incoming) {

    Artifact keep(Path file) throws IOException {
        Files.createDirectories(incoming);
        Path fresh = Files.createTempFile(incoming, "file-", "");
        try {
            String sha256 = Disk.copy(file, fresh);
            boolean executable = Disk.isExecutable(file);
            Path kept = path(sha256, executable);
            // A damaged one is replaced by the whole one we have just got.
            if (!Files.exists(kept) || !Disk.digest(kept).equals(sha256)) {
                place(fresh, kept, executable);
            }
            String name = file.toAbsolutePath().normalize().getFileName().toString();
            return new Artifact(name, kept, sha256, Files.size(kept));
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** The name it was kept under is not part of its content: it is found under its digest. */
    Optional<Artifact> find(String sha256) throws IOException {
        for (boolean executable : new boolean[] {false, true}) {
            Path kept = path(sha256, executable);
            if (Files.exists(kept)) {
                requireWhole(kept, sha256, Disk.digest(kept));
                return Optional.of(new Artifact(sha256, kept, sha256, Files.size(kept)));
            }
        }
        return Optional.empty();
    }

    /** One of another directory has been somewhere else before. */
    boolean holds(Artifact artifact) throws IOException {
        for (boolean executable : new boolean[] {false, true}) {
            Path kept = path(artifact.sha256(), executable);
            if (artifact.path().equals(kept)) {
                return Files.exists(kept) && Disk.digest(kept).equals(artifact.sha256());
            }
        }
        return false;
    }

    void copy(Artifact artifact, Path to) throws IOException {
        boolean executable = artifact.path().equals(path(artifact.sha256(), true));
        Path kept = path(artifact.sha256(), executable);
        if (!Files.exists(kept)) {
            throw new InfrastructureException("artifact " + artifact.name() + " (sha256 " + artifact.sha256()
                    + ") is not in " + files + "; build it again");
        }
        Path target = to.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path fresh = Files.createTempFile(target.getParent(), ".copy-", "");
        try {
            requireWhole(kept, artifact.sha256(), Disk.copy(kept, fresh));
            Disk.makeWritable(fresh, executable);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    Path path(String sha256, boolean executable) {
        return files.resolve(sha256.substring(0, 2)).resolve(sha256.substring(2) + (executable ? ".x" : ""));
    }

    private void place(Path fresh, Path kept, boolean executable) throws IOException {
        Path shelf = requireNonNull(kept.getParent());
        Files.createDirectories(shelf);
        Disk.force(fresh);
        Disk.makeReadOnly(fresh, executable);
        Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE);
        Disk.forceDirectory(shelf);
        Disk.forceDirectory(files);
    }

    static void requireWhole(Path kept, String sha256, String found) {
        if (!found.equals(sha256)) {
            throw new InfrastructureException("kept file " + kept + " is damaged: its sha256 is " + found
                    + " and should be " + sha256 + "; delete it and build again");
        }
    }
}
