package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.source.IsolatedGit;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A scene as a program: its one option, its exit code, and an end that leaves nothing behind, Ctrl-C included. */
final class SceneProgram {

    private static final String KEEP = "--keep";
    private static final int PATIENCE_SECONDS = 90;

    private final String name;
    private final Path directory;

    private SceneProgram(String name, Path directory) {
        this.name = name;
        this.directory = directory.toAbsolutePath();
    }

    /** @param directory for all it writes; what the last time has left there is removed */
    static SceneProgram of(String name, Path directory) {
        return new SceneProgram(name, directory);
    }

    /** @return the exit code: as the play says, 2 if the machine has not what it takes, 3 if stopped, 64 for a wrong option */
    int run(Play play, String... args) throws Exception {
        List<String> options = List.of(args);
        if (!options.stream().allMatch(KEEP::equals)) {
            System.err.println(name + ": " + String.join(" ", args) + " is not understood; its only option is " + KEEP);
            return 64;
        }
        Scene scene = new Scene(name, directory, System.out, options.contains(KEEP));
        CountDownLatch over = new CountDownLatch(1);
        endingWith(scene, over);
        try {
            // The developer's own git settings, such as hooks or signing, are none of the shop's business.
            return IsolatedGit.call(() -> played(play, scene));
        } finally {
            over.countDown();
        }
    }

    private int played(Play play, Scene scene) throws Exception {
        try (scene) {
            return play.in(scene);
        } catch (InterruptedException stopped) {
            return 3;
        } catch (InfrastructureException missing) {
            System.err.println(name + ": " + missing.getMessage());
            return 2;
        } catch (Exception failed) {
            if (scene.isStopped()) {
                return 3;
            }
            throw failed;
        }
    }

    /** A person who has seen enough presses Ctrl-C; the process waits until the scene is cleared. */
    private void endingWith(Scene scene, CountDownLatch over) {
        Thread player = Thread.currentThread();
        Thread hook = new Thread(
                () -> {
                    scene.stop(player);
                    try {
                        if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                            System.err.println(name + ": not everything is cleared after " + PATIENCE_SECONDS + " s");
                        }
                    } catch (InterruptedException impossible) {
                        Thread.currentThread().interrupt();
                    }
                },
                name + ": clean up");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** What happens in a scene, and its exit code. */
    interface Play {
        int in(Scene scene) throws Exception;
    }
}
