package dev.nonevent.pipeline.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.ResetCommand.ResetType;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.URIish;

/** A developer's own clone of the little shop: writes releases, commits them and pushes them with the git protocol. */
final class ShopRepository implements AutoCloseable {

    private static final PersonIdent DEVELOPER = new PersonIdent("Dora Developer", "dora@shop.example");

    private final Git git;
    private final Path directory;

    private ShopRepository(Git git, Path directory) {
        this.git = git;
        this.directory = directory;
    }

    static ShopRepository cloneOf(URI remote, Path directory) throws Exception {
        Git git = Git.init()
                .setDirectory(directory.toFile())
                .setInitialBranch("main")
                .call();
        git.remoteAdd().setName("origin").setUri(new URIish(remote.toString())).call();
        return new ShopRepository(git, directory);
    }

    /** Writes the files of this release over the last one that was accepted, and commits them. */
    void commit(ShopRelease release) throws IOException, GitAPIException {
        backToWhatTheServerHas();
        for (String file : release.files()) {
            Path target = directory.resolve(file);
            Files.createDirectories(target.getParent());
            try (InputStream content = release.open(file)) {
                Files.write(target, content.readAllBytes());
            }
        }
        git.add().addFilepattern(".").call();
        git.commit()
                .setMessage(release.message())
                .setAuthor(DEVELOPER)
                .setCommitter(DEVELOPER)
                .setSign(false)
                .call();
    }

    /** Pushes main; what the server says goes to the terminal as it comes. */
    Pushed push(Writer terminal) throws GitAPIException {
        List<Pushed> answers = new ArrayList<>();
        for (PushResult result : git.push()
                .setRemote("origin")
                .add("main")
                .setOutputStream(new RemoteLines(terminal))
                .call()) {
            StreamSupport.stream(result.getRemoteUpdates().spliterator(), false)
                    .map(ShopRepository::answer)
                    .forEach(answers::add);
        }
        return answers.get(0);
    }

    private static Pushed answer(RemoteRefUpdate update) {
        boolean accepted = update.getStatus() == RemoteRefUpdate.Status.OK;
        String message = update.getMessage();
        return new Pushed(
                accepted, accepted ? "" : message == null ? update.getStatus().name() : message);
    }

    private void backToWhatTheServerHas() throws IOException, GitAPIException {
        ObjectId accepted = git.getRepository().resolve("refs/remotes/origin/main");
        if (accepted != null) {
            git.reset().setMode(ResetType.HARD).setRef(accepted.name()).call();
        }
    }

    @Override
    public void close() {
        git.close();
    }

    /** The server's answer; the reason is empty if it accepted. */
    record Pushed(boolean accepted, String reason) {}
}
