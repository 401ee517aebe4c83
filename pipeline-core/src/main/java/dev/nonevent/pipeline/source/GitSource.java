package dev.nonevent.pipeline.source;

import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.work.StageContext;
import dev.nonevent.pipeline.work.Trigger;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryBuilder;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.util.FS;

/**
 * Code from a git repository: {@code git(repository).branch("main")}.
 *
 * <p>If the run was started about this repository (or about none in particular), the trigger decides: exactly its commit is
 * checked out, else the tip of its branch. Else it is the tip of the branch declared here. A directory of this machine is
 * opened where it is, and its commits need not be on a branch yet; anything else is fetched into a bare mirror under the
 * run's home, and a commit must be on the branch.
 *
 * <p>The checkout holds the files only: no {@code .git}, no hooks, no filters, no submodules (their directories are left
 * out, and named in the log). Executable bits are kept; a symbolic link that leaves the tree is refused. Configuration of
 * the user and the system is not read ({@link IsolatedGit}). Immutable; safe for use by several threads.
 *
 * <p>Ends: an unknown branch or commit is an {@link IllegalArgumentException} (the stage FAILED), a repository that cannot
 * be reached an {@link InfrastructureException} (ERRORED), after up to three attempts if a moment may mend it.
 */
public final class GitSource implements Source {

    private final Address address;
    private final Branch branch;

    private GitSource(Address address, Branch branch) {
        this.address = address;
        this.branch = branch;
    }

    /**
     * The branch {@code main} of a repository.
     *
     * @param repository https, ssh (by this machine's {@code ssh} program, which is never asked for a password) or file;
     *     http and git only to this machine itself
     * @throws IllegalArgumentException if it is anything else, or holds a password
     */
    public static GitSource git(URI repository) {
        return new GitSource(Address.of(repository), new Branch("main"));
    }

    /** The branch {@code main} of a repository in a directory of this machine, bare or with a work tree. */
    public static GitSource git(Path repository) {
        return new GitSource(Address.of(repository), new Branch("main"));
    }

    /** @throws IllegalArgumentException if that is no branch name */
    public GitSource branch(String name) {
        return new GitSource(address, new Branch(name));
    }

    /** How the repository is called in triggers, revisions and messages. */
    public String repository() {
        return address.text();
    }

    @Override
    public Checkout run(StageContext context) throws Exception {
        try {
            return IsolatedGit.call(() -> checkOut(context));
        } catch (IOException broken) {
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("stopped during the checkout").initCause(broken);
            }
            throw new InfrastructureException(
                    "checkout of " + repository() + " failed: " + broken.getMessage(), broken);
        }
    }

    private Checkout checkOut(StageContext context) throws Exception {
        Wanted wanted = wanted(context.trigger());
        try (Repository repository = address.local().isPresent()
                        ? opened(address.local().get())
                        : new GitMirror(address, context).repository();
                RevWalk walk = new RevWalk(repository)) {
            ObjectId tip = address.local().isPresent()
                    ? localTip(repository, wanted)
                    : new GitMirror(address, context).fetch(repository, wanted.branch());
            RevCommit commit = parsed(walk, wanted.commit().orElse(tip));
            if (wanted.commit().isPresent() && address.local().isEmpty()) {
                reachable(walk, commit, tip, wanted.branch());
            }
            Path directory = Files.createDirectory(context.workspace().resolve("checkout"));
            new TreeExport(repository, directory, context::log).write(commit);
            Tree tree = context.artifacts().keepTree(directory);
            Revision revision = revision(wanted.branch(), commit);
            context.log("checked out " + revision.shortId() + " of "
                    + wanted.branch().name() + ", " + tree.files() + " files");
            return new Checkout(revision, tree);
        }
    }

    /** What this run is to look at. */
    private record Wanted(Branch branch, Optional<ObjectId> commit) {}

    private Wanted wanted(Trigger trigger) {
        if (!trigger.repository().map(this::isCalled).orElse(true)) {
            return new Wanted(branch, Optional.empty());
        }
        Optional<ObjectId> commit = trigger.commit().map(id -> {
            if (!id.matches("[0-9a-f]{40}")) {
                throw new IllegalArgumentException(
                        "commit \"" + Branch.shown(id) + "\": a commit is named by 40 hexadecimal digits");
            }
            return ObjectId.fromString(id);
        });
        return new Wanted(trigger.branch().map(Branch::new).orElse(branch), commit);
    }

    private boolean isCalled(String name) {
        return name.equals(address.text());
    }

    private Repository opened(Path directory) throws IOException {
        File found =
                Files.isDirectory(directory) ? RepositoryCache.FileKey.resolve(directory.toFile(), FS.DETECTED) : null;
        if (found == null) {
            throw new InfrastructureException("no git repository at " + directory
                    + (Files.exists(directory) ? ": the directory is something else" : ": nothing is there"));
        }
        return new RepositoryBuilder().setGitDir(found).setMustExist(true).build();
    }

    /** Not asked for if a commit is: it may be on its way to become the branch's first. */
    private ObjectId localTip(Repository repository, Wanted wanted) throws IOException {
        if (wanted.commit().isPresent()) {
            return wanted.commit().get();
        }
        Ref ref = repository.exactRef(wanted.branch().ref());
        if (ref == null || ref.getObjectId() == null) {
            List<String> names = repository.getRefDatabase().getRefsByPrefix("refs/heads/").stream()
                    .map(known -> known.getName().substring("refs/heads/".length()))
                    .toList();
            throw unknown(wanted.branch(), names);
        }
        return ref.getObjectId();
    }

    private IllegalArgumentException unknown(Branch wanted, List<String> names) {
        return new IllegalArgumentException(
                "repository " + address.text() + " has no branch " + wanted.name() + ": " + wanted.among(names));
    }

    private RevCommit parsed(RevWalk walk, ObjectId id) throws IOException {
        try {
            return walk.parseCommit(id);
        } catch (MissingObjectException | IncorrectObjectTypeException absent) {
            throw new IllegalArgumentException("repository " + address.text() + " has no commit " + id.name(), absent);
        }
    }

    private void reachable(RevWalk walk, RevCommit commit, ObjectId tip, Branch on) throws IOException {
        if (!walk.isMergedInto(commit, walk.parseCommit(tip))) {
            throw new IllegalArgumentException("commit " + commit.name() + " is not on branch " + on.name() + " of "
                    + address.text() + " (any more)");
        }
    }

    private Revision revision(Branch on, RevCommit commit) {
        PersonIdent author = commit.getAuthorIdent();
        return new Revision(
                address.text(),
                Optional.of(on.name()),
                commit.name(),
                Instant.ofEpochSecond(commit.getCommitTime()),
                author == null ? "" : author.getName(),
                commit.getShortMessage());
    }
}
