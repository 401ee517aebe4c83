package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.source.IsolatedGit;
import java.nio.file.Path;
import java.util.List;

/**
 * Five pushes of a small shop, under traffic that never stops: two that go live, two that a gate refuses, and one that is
 * healthy, would fail its users, and is taken back before any of them sees it.
 *
 * <p>Needs a JDK and nothing else. Writes {@code target/quickstart/summary.json} and leaves no process behind unless
 * {@code --keep} is given.
 */
public final class QuickStart {

    private static final String KEEP = "--keep";

    private QuickStart() {}

    public static void main(String... args) throws Exception {
        List<String> options = List.of(args);
        if (!options.stream().allMatch(KEEP::equals)) {
            System.err.println(
                    "QuickStart: " + String.join(" ", args) + " is not understood; its only option is " + KEEP);
            System.exit(64);
        }
        // The developer's own git settings, such as hooks or signing, are none of the shop's business.
        System.exit(IsolatedGit.call(() -> play(options.contains(KEEP))));
    }

    private static int play(boolean keep) throws Exception {
        QuickStartScene scene = QuickStartScene.open(Path.of("target", "quickstart"), System.out, keep);
        // A person who has seen enough presses Ctrl-C: that, too, leaves nothing behind.
        Runtime.getRuntime().addShutdownHook(new Thread(scene::close, "quick start: clean up"));
        try (scene) {
            scene.push(ShopRelease.V1, "a first release");
            scene.letTheUsersIn();
            scene.push(ShopRelease.V2, "a better one");
            scene.push(ShopRelease.V3, "one whose unit test fails");
            scene.push(ShopRelease.V4, "one with a security hole");
            scene.push(ShopRelease.V5, "one that is healthy, and would fail its users");
            return scene.sumUp();
        } catch (InterruptedException stopped) {
            return 3;
        }
    }
}
