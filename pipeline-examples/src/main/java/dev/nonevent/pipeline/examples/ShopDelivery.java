package dev.nonevent.pipeline.examples;

import static dev.nonevent.pipeline.bluegreen.BlueGreen.blueGreen;
import static dev.nonevent.pipeline.bluegreen.judge.Judge.errorRate;
import static dev.nonevent.pipeline.bluegreen.router.Router.router;
import static dev.nonevent.pipeline.definition.Condition.branchIs;
import static dev.nonevent.pipeline.deployment.HealthCheck.http;
import static dev.nonevent.pipeline.deployment.LocalProcesses.localProcesses;
import static dev.nonevent.pipeline.gate.JUnitReports.junit;
import static dev.nonevent.pipeline.gate.Sarif.sarif;
import static dev.nonevent.pipeline.gate.Severity.MEDIUM;
import static dev.nonevent.pipeline.source.GitSource.git;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.bluegreen.BlueGreen;
import dev.nonevent.pipeline.definition.Pipeline;
import java.nio.file.Path;
import java.util.List;

/** The shop's whole delivery: from a commit to its users, and back. */
final class ShopDelivery {

    private static final Jdk JDK = Jdk.running();

    private ShopDelivery() {}

    /** @param port where the shop's users come in */
    static Delivery of(Path repository, int port) {
        BlueGreen<Artifact> shop = live(port);
        return new Delivery(shop, "/orders", Props.NONE, () -> delivery(repository, shop));
    }

    private static BlueGreen<Artifact> live(int port) {
        return blueGreen("shop")
                .on(localProcesses(
                        (jar, at) -> List.of(JDK.java(), "-XX:+UseSerialGC", "-jar", jar.toString(), "" + at)))
                .traffic(router(port))
                .health(http("/health").every(ofMillis(100)).healthyAfter(3).within(ofSeconds(20)))
                .bake(ofSeconds(4))
                .judge(errorRate().atMost(0.01))
                .keepOld(ofMinutes(10));
    }

    private static Pipeline delivery(Path repository, BlueGreen<Artifact> shop) {
        return Pipeline.define("shop", p -> {
            var source = p.stage("checkout").run(git(repository).branch("main"));

            var jar = p.stage("build").needs(source).timeout(ofMinutes(1)).run((ctx, tree) -> {
                ctx.exec(JDK.javac(
                        "-g", "-d", "classes", "-sourcepath", "src/main/java", "src/main/java/shop/Main.java"));
                ctx.exec(JDK.jar("--create", "--file", "shop.jar", "--main-class", "shop.Main", "-C", "classes", "."));
                return ctx.artifact("shop.jar");
            });

            var unit = p.gate("unit tests")
                    .needs(source, jar)
                    .timeout(ofMinutes(1))
                    .check((ctx, tree, built) -> {
                        ctx.place(built, "shop.jar");
                        ctx.exec(JDK.javac(
                                "-d",
                                "test-classes",
                                "-cp",
                                JDK.with("shop.jar"),
                                "src/test/java/shop/OrdersTest.java"));
                        return junit(
                                ctx.tryExec(JDK.unitTests("test-classes", "shop.jar", "reports")), "reports/*.xml");
                    });

            var scan = p.gate("security scan").needs(jar).timeout(ofMinutes(1)).check((ctx, built) -> {
                ctx.place(built, "shop.jar");
                return sarif(ctx.tryExec(JDK.securityScan("shop.jar", "scan.sarif")), "scan.sarif")
                        .blockFrom(MEDIUM);
            });

            p.stage("deploy")
                    .needs(jar)
                    .requires(unit, scan)
                    .when(branchIs("main"))
                    .deploy(shop);
        });
    }
}
