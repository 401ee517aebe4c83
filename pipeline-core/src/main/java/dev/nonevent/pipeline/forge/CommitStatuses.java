package dev.nonevent.pipeline.forge;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.post.Letter;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a code host how a commit fares: pending before any work, and how it ended.
 *
 * <pre>{@code
 * runner.listener(CommitStatuses.gitHub(home, "acme/shop", new Secret("github-token")))
 * }</pre>
 *
 * <p>The commit is the trigger's, else the first that a stage checks out of a repository of the same name. Each setting
 * gives a new listener; one listener serves many runs at once.
 *
 * <p>What cannot be sent is tried again: for 10 seconds before the run goes on, 5 for a gate, 30 at the end. After that it
 * is told as a sentence ({@link #telling}) and changes nothing about the run. A final status that a forge could not take, and
 * a pending one whose process was killed, is written down under the home and sent by the next run that starts there, or
 * by {@link #recover}.
 */
public final class CommitStatuses implements RunListener {

    private static final Logger LOG = LoggerFactory.getLogger(CommitStatuses.class);
    private static final Duration TO_RECOVER = Duration.ofSeconds(30);
    private static final int LONGEST_CONTEXT = 100;

    private final Path home;
    private final Access access;
    private final Wording wording;
    private final Notes notes;
    private final Recovery recovery;
    private final Map<RunId, RunStatuses> runs = new ConcurrentHashMap<>();

    private CommitStatuses(Path home, Access access, Wording wording) {
        this.home = home;
        this.access = access;
        this.wording = wording;
        this.notes = new Notes(Recovery.directory(home, access.forge(), wording));
        this.recovery = new Recovery(notes, access);
    }

    /**
     * github.com; for a GitHub Enterprise Server say {@code api(URI.create("https://HOST/api/v3"))}.
     *
     * @param home of the pipeline, as its runner has it
     * @param repository {@code owner/name}
     * @param token that may write commit statuses; looked up for each status
     */
    public static CommitStatuses gitHub(Path home, String repository, Secret token) {
        return of(home, new GitHub(URI.create("https://api.github.com"), ownerAndName(repository)), token);
    }

    /**
     * gitlab.com; for another GitLab say {@code api(URI.create("https://HOST/api/v4"))}.
     *
     * @param home of the pipeline, as its runner has it
     * @param project its id, or its path with all its groups
     * @param token with the scope {@code api}; looked up for each status
     */
    public static CommitStatuses gitLab(Path home, String project, Secret token) {
        if (project.isBlank() || project.startsWith("/") || project.endsWith("/")) {
            throw new IllegalArgumentException("a project of GitLab is its id or group/name, was \"" + project + "\"");
        }
        return of(home, new GitLab(URI.create("https://gitlab.com/api/v4"), project), token);
    }

    /**
     * A Gitea or Forgejo.
     *
     * @param home of the pipeline, as its runner has it
     * @param api {@code https://HOST/api/v1}
     * @param repository {@code owner/name}
     * @param token with the scope {@code write:repository}; looked up for each status
     */
    public static CommitStatuses gitea(Path home, URI api, String repository, Secret token) {
        return of(home, new Gitea(safe(api), ownerAndName(repository)), token);
    }

    private static CommitStatuses of(Path home, Forge forge, Secret token) {
        Access access =
                new Access(forge, token, SecretSource.environment(System.getenv()), TimeSource.system(), LOG::warn);
        return new CommitStatuses(
                home.toAbsolutePath().normalize(),
                access,
                new Wording(Optional.empty(), false, run -> Optional.empty()));
    }

    /** Where the forge's API is, without a slash at its end. */
    public CommitStatuses api(URI address) {
        return with(new Access(
                access.forge().at(safe(address)), access.token(), access.secrets(), access.time(), access.tell()));
    }

    /** Where the value of the token comes from; the environment of this process by default. */
    public CommitStatuses secrets(SecretSource source) {
        return with(new Access(access.forge(), access.token(), source, access.time(), access.tell()));
    }

    /** Where time comes from; the machine by default. */
    public CommitStatuses time(TimeSource source) {
        return with(new Access(access.forge(), access.token(), access.secrets(), source, access.tell()));
    }

    /** Who is told, in one sentence, of a status that could not be sent; the log by default. */
    public CommitStatuses telling(Consumer<? super String> person) {
        return with(new Access(access.forge(), access.token(), access.secrets(), access.time(), person));
    }

    /** What tells these statuses from those of others, at most 100 characters; {@code nonevent/PIPELINE} by default. */
    public CommitStatuses context(String name) {
        if (name.isBlank() || name.length() > LONGEST_CONTEXT) {
            throw new IllegalArgumentException(
                    "the context of a status has 1 to " + LONGEST_CONTEXT + " characters, was \"" + name + "\"");
        }
        return new CommitStatuses(home, access, new Wording(Optional.of(name), wording.gates(), wording.targets()));
    }

    /** Where a person reads more about a run; nowhere by default. */
    public CommitStatuses target(Function<? super RunId, URI> page) {
        return new CommitStatuses(
                home, access, new Wording(wording.name(), wording.gates(), run -> Optional.of(page.apply(run))));
    }

    /** A status for each gate as well, {@code CONTEXT/GATE}; a gate that never starts has none. */
    public CommitStatuses perGate() {
        return new CommitStatuses(home, access, new Wording(wording.name(), true, wording.targets()));
    }

    private CommitStatuses with(Access other) {
        return new CommitStatuses(home, other, wording);
    }

    /** Sends what killed runs, and forges that were away, left to be told; at most 30 seconds. */
    public void recover() {
        recovery.run(Optional.empty(), TO_RECOVER);
    }

    @Override
    public void on(RunEvent event) {
        RunStatuses run = runs.get(event.run());
        if (event instanceof RunEvent.RunStarted started) {
            begin(started);
        } else if (run == null) {
            return;
        } else if (event instanceof RunEvent.CommitCheckedOut checkedOut) {
            run.checkedOut(checkedOut);
        } else if (event instanceof RunEvent.StageStarted started) {
            run.gateStarted(started);
        } else if (event instanceof RunEvent.StageEnded ended) {
            run.gateEnded(ended);
        } else if (event instanceof RunEvent.RunEnded ended) {
            runs.remove(event.run());
            run.end(ended.outcome());
        }
    }

    private void begin(RunEvent.RunStarted started) {
        RunStatuses run = new RunStatuses(started, wording, access, notes);
        runs.put(started.run(), run);
        long until = access.time().nanos() + RunStatuses.TO_BEGIN.toNanos();
        recovery.run(
                started.commit().map(commit -> new Recovery.Successor(commit, run.context())), RunStatuses.FOR_A_GATE);
        started.commit()
                .ifPresent(commit ->
                        run.begin(commit, Duration.ofNanos(until - access.time().nanos())));
    }

    private static String ownerAndName(String repository) {
        if (!repository.matches("[^/\\s]+/[^/\\s]+")) {
            throw new IllegalArgumentException("a repository is owner/name, was \"" + repository + "\"");
        }
        return repository;
    }

    private static URI safe(URI api) {
        if (!Letter.isSafe(api)) {
            throw new IllegalArgumentException(
                    "a token would go to " + api.getHost() + " for all to read; say https:// and no user");
        }
        return api;
    }
}
