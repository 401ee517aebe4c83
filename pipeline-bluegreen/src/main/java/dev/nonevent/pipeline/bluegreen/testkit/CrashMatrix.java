package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Kills a deployment wherever that makes a difference, recovers it, and looks what is left of it.
 *
 * <pre>{@code
 * CrashMatrix.of(home, world -> shop(world.host(), world.switcher(), world.health()))
 *     .after("v1")
 *     .deploying("v2");
 * }</pre>
 *
 * <p>The deployment is done once as a whole, and each moment at which something was written to disk or done to the world since
 * the moment before is a boundary. Then it is done again and killed, once at each of them; time passes, and
 * {@code recover} is called. Whatever the boundary: a release that was proven serves, or nothing if there was none; at most
 * one other runs; nothing of {@link FakeWorld#violations} happened; users saw no failed request if they see none in a whole
 * deployment; recovering again changes nothing; the next release can be deployed; and after {@code down} nothing runs.
 * Immutable; every world and directory is used once.
 */
public final class CrashMatrix {

    private final Path home;
    private final Function<? super FakeWorld, ? extends DeploymentStrategy<String, ?>> declaration;
    private final Consumer<? super FakeWorld> script;
    private final List<String> before;
    private final boolean twice;

    private CrashMatrix(
            Path home,
            Function<? super FakeWorld, ? extends DeploymentStrategy<String, ?>> declaration,
            Consumer<? super FakeWorld> script,
            List<String> before,
            boolean twice) {
        this.home = home;
        this.declaration = declaration;
        this.script = script;
        this.before = before;
        this.twice = twice;
    }

    /**
     * @param home an empty directory; a quarter of a megabyte of it is needed for each boundary
     * @param declaration of a deployment on the host, with the switcher and the health check of a world; a bake of a few
     *     seconds finds as much as a long one, and sooner
     */
    public static CrashMatrix of(
            Path home, Function<? super FakeWorld, ? extends DeploymentStrategy<String, ?>> declaration) {
        return new CrashMatrix(home, declaration, world -> {}, List.of(), false);
    }

    /** How each world is when what is killed begins, after what was deployed before. */
    public CrashMatrix when(Consumer<? super FakeWorld> chosen) {
        return new CrashMatrix(home, declaration, chosen, before, twice);
    }

    /** What was deployed before, one after the other, and by nobody who died. */
    public CrashMatrix after(String... releases) {
        return new CrashMatrix(home, declaration, script, List.of(releases), twice);
    }

    /** The recovery is killed at each of its boundaries as well. */
    public CrashMatrix alsoDyingInRecovery() {
        return new CrashMatrix(home, declaration, script, before, true);
    }

    /**
     * Kills the deployment of this release.
     *
     * @return where it was killed, in order
     * @throws AssertionError if a boundary leaves behind what must not be
     */
    public List<String> deploying(String release) throws InterruptedException {
        return killed((strategy, context) -> strategy.deploy(release, context), List.of(release));
    }

    /** The same with a way back to the release before the last one of {@link #after}. */
    public List<String> rollingBack() throws InterruptedException {
        return killed(DeploymentStrategy::rollBack, List.of());
    }

    private List<String> killed(Attempt.Deed deed, List<String> candidates) throws InterruptedException {
        Attempt whole = attempt("a whole deployment");
        Life life = Life.whole(whole.world(), whole.home());
        List<String> proven = new ArrayList<>(before);
        if (whole.watchedBy(life, deed)) {
            proven.addAll(candidates);
        }
        Aftermath aftermath =
                new Aftermath(proven, !before.isEmpty(), whole.world().seenToFail() == 0);
        for (int last = 0; last < life.boundaries().size(); last++) {
            dying(deed, last, "killed at " + life.boundaries().get(last), aftermath);
        }
        return life.boundaries();
    }

    private void dying(Attempt.Deed deed, int last, String name, Aftermath aftermath) throws InterruptedException {
        Attempt once = attempt(name);
        once.dieAt(last, deed);
        Life recovering = Life.whole(once.world(), once.home());
        aftermath.of(once, recovering);
        for (int second = 0; twice && second < recovering.boundaries().size(); second++) {
            Attempt again = attempt(
                    name + ", and recovering at " + recovering.boundaries().get(second));
            again.dieAt(last, deed);
            again.world().time().pass(Aftermath.A_WHILE);
            again.dieAt(second, DeploymentStrategy::recover);
            aftermath.of(again, touch -> {});
        }
    }

    private Attempt attempt(String name) throws InterruptedException {
        FakeWorld world = new FakeWorld();
        DeploymentStrategy<String, ?> strategy = declaration.apply(world);
        Attempt attempt = new Attempt(name, world, strategy, directory());
        for (String release : before) {
            strategy.deploy(release, attempt.context());
        }
        script.accept(world);
        return attempt;
    }

    private Path directory() {
        try {
            return Files.createTempDirectory(Files.createDirectories(home), "life");
        } catch (IOException e) {
            throw new UncheckedIOException("no world can begin in " + home, e);
        }
    }
}
