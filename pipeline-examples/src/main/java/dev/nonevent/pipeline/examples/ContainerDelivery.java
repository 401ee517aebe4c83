package dev.nonevent.pipeline.examples;

import static dev.nonevent.pipeline.bluegreen.BlueGreen.blueGreen;
import static dev.nonevent.pipeline.bluegreen.judge.Judge.errorRate;
import static dev.nonevent.pipeline.bluegreen.router.Router.router;
import static dev.nonevent.pipeline.deployment.HealthCheck.http;
import static dev.nonevent.pipeline.docker.DockerExecutor.container;
import static dev.nonevent.pipeline.docker.DockerImage.dockerImage;
import static dev.nonevent.pipeline.docker.DockerService.service;
import static dev.nonevent.pipeline.gate.JUnitReports.junit;
import static dev.nonevent.pipeline.source.GitSource.git;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.nonevent.pipeline.bluegreen.BlueGreen;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.docker.DockerHost;
import dev.nonevent.pipeline.docker.Image;
import java.nio.file.Path;

/**
 * The scene of the {@link QuickStart} on Docker: built and tested in containers, with a database beside them, kept in a
 * registry, and deployed by its digest behind our router.
 *
 * <p>Needs a Docker engine, {@code docker-registry} and a static busybox; nothing is pulled from elsewhere. Writes {@code
 * target/containers/summary.json} and leaves nothing on the engine unless {@code --keep} is given.
 */
public final class ContainerDelivery {

    private ContainerDelivery() {}

    public static void main(String... args) throws Exception {
        SceneProgram program = SceneProgram.of("ContainerDelivery", Path.of("target", "containers"));
        System.exit(program.run(ContainerDelivery::play, args));
    }

    private static int play(Scene scene) throws Exception {
        Dockyard yard = new Dockyard(scene.directory());
        BlueGreen<Image> shop = live(scene.port());
        scene.open(new Delivery(shop, "/cgi-bin/orders", yard, () -> delivery(scene.repository(), yard, shop)));
        scene.push(ContainerRelease.V1, "a first release");
        scene.letTheUsersIn(50);
        scene.push(ContainerRelease.V2, "a better one");
        scene.push(ContainerRelease.V3, "one whose unit test fails");
        scene.push(ContainerRelease.V4, "one that a real database does not understand");
        scene.push(ContainerRelease.V5, "one that is healthy, and would fail its users");
        return scene.sumUp();
    }

    private static BlueGreen<Image> live(int port) {
        return blueGreen("shop")
                .on(DockerHost.port(8080).memoryMib(64).readOnly())
                .traffic(router(port))
                .health(http("/health").every(ofMillis(100)).healthyAfter(3).within(ofSeconds(20)))
                .bake(ofSeconds(3))
                .judge(errorRate().atMost(0.01));
    }

    private static Pipeline delivery(Path repository, Dockyard yard, BlueGreen<Image> shop) {
        var busybox = container(yard.base()).memoryMib(64);
        var db = service(yard.base()).name("db").command("tinydb").port(5432).tmpfs("/tmp");
        var image = dockerImage(yard.registry() + "/shop").argument("BASE", yard.base());

        return Pipeline.define("shop", p -> {
            var source = p.stage("checkout").run(git(repository).branch("main"));

            var programs = p.stage("build").needs(source).in(busybox).run((ctx, tree) -> {
                ctx.exec("sh", "build.sh");
                return ctx.artifact("shop.tar.gz");
            });

            var unit = p.gate("unit tests")
                    .needs(source)
                    .in(busybox)
                    .check((ctx, tree) -> junit(ctx.tryExec("sh", "test/unit.sh"), "reports/*.xml"));

            var integration = p.gate("integration tests")
                    .needs(source)
                    .in(busybox)
                    .service(db)
                    .env("DB", db.url("{host}:{port}"))
                    .check((ctx, tree) -> junit(ctx.tryExec("sh", "test/integration.sh"), "reports/*.xml"));

            var shipped = p.stage("image")
                    .needs(source, programs)
                    .requires(unit, integration)
                    .run((ctx, tree, built) -> image.context(tree.tree())
                            .file(built, "shop.tar.gz")
                            .tag(tree.shortId())
                            .push()
                            .build(ctx));

            p.stage("deploy").needs(shipped).requires(unit, integration).deploy(shop);
        });
    }
}
