package dev.nonevent.pipeline.examples;

import java.nio.file.Path;

/**
 * Five pushes of a small shop, under traffic that never stops: two that go live, two that a gate refuses, and one that is
 * healthy, would fail its users, and is taken back before any of them sees it.
 *
 * <p>Needs a JDK and nothing else. Writes {@code target/quickstart/summary.json} and leaves no process behind unless
 * {@code --keep} is given.
 */
public final class QuickStart {

    private QuickStart() {}

    public static void main(String... args) throws Exception {
        SceneProgram program = SceneProgram.of("QuickStart", Path.of("target", "quickstart"));
        System.exit(program.run(QuickStart::play, args));
    }

    private static int play(Scene scene) throws Exception {
        scene.open(ShopDelivery.of(scene.repository(), scene.port()));
        scene.push(ShopRelease.V1, "a first release");
        scene.letTheUsersIn(200);
        scene.push(ShopRelease.V2, "a better one");
        scene.push(ShopRelease.V3, "one whose unit test fails");
        scene.push(ShopRelease.V4, "one with a security hole");
        scene.push(ShopRelease.V5, "one that is healthy, and would fail its users");
        return scene.sumUp();
    }
}
