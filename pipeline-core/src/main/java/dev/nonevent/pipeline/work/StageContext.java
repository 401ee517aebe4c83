package dev.nonevent.pipeline.work;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceAddress;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.util.List;

/**
 * What the code inside one stage may do. It belongs to the thread the stage runs on, and ends with the stage.
 *
 * <p>The workspace is the stage's own; no other stage sees it. A checkout or tree the stage needs lies in it when the
 * stage starts.
 */
public interface StageContext {

    /** The stage's name. */
    String stage();

    /** The stage's own directory; everything in it is gone after the run. */
    Path workspace();

    /**
     * Carries out a command where the stage says ({@code in(…)}).
     *
     * @throws dev.nonevent.pipeline.executor.CommandFailedException if it exits with anything but 0
     */
    CommandResult exec(String... argv) throws InterruptedException;

    /** As {@link #exec}, but any exit code is an answer. */
    CommandResult tryExec(String... argv) throws InterruptedException;

    /**
     * Keeps the one file that matches, such as {@code target/*.jar}, and names it by its content.
     *
     * @throws IllegalStateException if no file or more than one matches, saying which
     */
    Artifact artifact(String glob);

    /** Keeps every file that matches, sorted by path; never empty. */
    List<Artifact> artifacts(String glob);

    /** Keeps a directory of the workspace. */
    Tree tree(String directory);

    /** Puts a writable copy of the artifact into the workspace, under this relative path. */
    Path place(Artifact artifact, String as);

    /** Puts a writable copy of the tree into the workspace, under this relative path. */
    Path place(Tree tree, String as);

    /** The parameter's value of this run. */
    <T> T value(Parameter<T> parameter);

    /**
     * Where the commands of this stage reach a service it has named. Code that runs in here, and not in a command, may be
     * somewhere else.
     *
     * @throws IllegalStateException if the stage has not named it with {@code service(…)}
     */
    ServiceAddress address(Service service);

    /**
     * The secret itself. It is masked in everything the run prints from then on.
     *
     * @throws IllegalStateException if the stage was not given it with {@code secret(…)}
     */
    String reveal(Secret secret);

    /**
     * A file with the value of the secret and nothing else, for a command that wants one: only this user may read it, it
     * lies in memory where the machine has a place for that, and is gone when the stage's code is over.
     *
     * @throws IllegalStateException if the stage was not given it with {@code secret(…)}, or if its commands run where they
     *     cannot read files of this machine
     */
    default Path secretFile(Secret secret) {
        throw new IllegalStateException("a stage outside of a run has no files with secrets");
    }

    /**
     * The text as it would be printed: without the secrets of the run, whichever of them they are. What comes back as it
     * was holds none. A stage outside of a run knows of none.
     */
    default String masked(String text) {
        return text;
    }

    /** A line of the stage's own, into its log. */
    void log(String line);

    /** What made the run start. */
    Trigger trigger();

    /** Where the run keeps what outlives it; caches go into a directory of their own under it. */
    Path home();

    ArtifactStore artifacts();

    TimeSource time();
}
