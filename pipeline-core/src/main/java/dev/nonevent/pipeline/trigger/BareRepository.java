package dev.nonevent.pipeline.trigger;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.source.IsolatedGit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryBuilder;
import org.eclipse.jgit.lib.StoredConfig;

/** Finds or makes the repository a server serves. */
final class BareRepository {

    private BareRepository() {}

    static Repository at(Path directory) {
        try {
            return IsolatedGit.call(() -> free(directory) ? created(directory) : opened(directory));
        } catch (InfrastructureException said) {
            throw said;
        } catch (Exception broken) {
            throw new InfrastructureException(
                    "the repository " + directory + " cannot be opened: " + broken.getMessage(), broken);
        }
    }

    private static boolean free(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return true;
        }
        if (!Files.isDirectory(directory)) {
            throw new InfrastructureException(directory + " is a file; a bare repository is a directory");
        }
        try (Stream<Path> content = Files.list(directory)) {
            return content.findAny().isEmpty();
        }
    }

    private static Repository created(Path directory) throws IOException {
        Repository fresh =
                new RepositoryBuilder().setGitDir(directory.toFile()).setBare().build();
        fresh.create(true);
        RefUpdate head = fresh.updateRef("HEAD");
        head.disableRefLog();
        head.link("refs/heads/main");
        StoredConfig config = fresh.getConfig();
        config.setBoolean("receive", null, "fsckObjects", true);
        config.save();
        return fresh;
    }

    private static Repository opened(Path directory) throws IOException {
        if (!Files.isRegularFile(directory.resolve("HEAD")) || !Files.isDirectory(directory.resolve("objects"))) {
            throw new InfrastructureException(
                    directory + " is neither empty nor a bare git repository; nothing in it was touched");
        }
        return new RepositoryBuilder()
                .setGitDir(directory.toFile())
                .setMustExist(true)
                .build();
    }
}
