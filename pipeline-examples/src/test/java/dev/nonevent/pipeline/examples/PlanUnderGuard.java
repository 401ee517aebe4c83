package dev.nonevent.pipeline.examples;

import static dev.nonevent.pipeline.bluegreen.BlueGreen.blueGreen;
import static dev.nonevent.pipeline.bluegreen.router.Router.router;
import static dev.nonevent.pipeline.definition.Condition.branchIs;
import static dev.nonevent.pipeline.definition.Condition.parameterIs;
import static dev.nonevent.pipeline.deployment.HealthCheck.http;
import static dev.nonevent.pipeline.docker.DockerExecutor.container;
import static dev.nonevent.pipeline.docker.DockerImage.dockerImage;
import static dev.nonevent.pipeline.docker.DockerService.service;
import static dev.nonevent.pipeline.gate.JUnitReports.junit;
import static dev.nonevent.pipeline.source.GitSource.git;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.docker.DockerHost;
import dev.nonevent.pipeline.plan.InvalidPipelineException;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.plan.PlanDiff;
import dev.nonevent.pipeline.work.Trigger;
import java.io.FilePermission;
import java.net.SocketPermission;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Permission;
import java.util.List;
import java.util.Map;

/** Plans a delivery with a guard that lets nobody at a file, a socket or a program. */
@SuppressWarnings("removal") // there is nothing else that sees every file that is touched, and up to 23 it works
final class PlanUnderGuard {

    private PlanUnderGuard() {}

    public static void main(String[] args) {
        // Once without the guard: the class loader may read.
        everything();
        everyMistake();
        System.setSecurityManager(new Guard());
        if (stopsNobody()) {
            throw new IllegalStateException("the guard lets files be read");
        }
        List<String> texts = everything();
        int mistakes = everyMistake();
        System.out.println("planned: " + texts.size() + " texts, " + mistakes + " problems");
    }

    private static List<String> everything() {
        Plan plan = Plan.of(shop());
        return List.of(
                plan.text(),
                plan.text(plan.forecast(Trigger.manual().onBranch("dev"), Map.of("env", "staging"))),
                plan.json(),
                plan.mermaid(),
                plan.dot(),
                PlanDiff.between(plan, Plan.of(shop())).text());
    }

    private static int everyMistake() {
        try {
            Plan.of(Pipeline.define("shop", p -> {
                var build = p.stage("build").in(container("busybox:1.36")).run(ctx -> 1);
                p.stage("build").needs(build).run((ctx, again) -> 1);
            }));
            return 0;
        } catch (InvalidPipelineException wrong) {
            return wrong.problems().size();
        }
    }

    private static boolean stopsNobody() {
        try {
            return Files.exists(Path.of("/")) || true;
        } catch (SecurityException stopped) {
            return false;
        }
    }

    private static Pipeline shop() {
        return Pipeline.define("shop", p -> {
            var env = p.parameter("env", String.class).orElse("staging");
            var db = service("postgres:16").port(5432).readyWhenLog("ready to accept connections");
            var jdk = container("eclipse-temurin:17");
            var source = p.stage("checkout")
                    .run(git(URI.create("https://git.example/shop.git")).branch("main"));
            var tests = p.gate("tests")
                    .needs(source)
                    .in(jdk)
                    .service(db)
                    .check((ctx, tree) -> junit(ctx.tryExec("mvn", "verify"), "target/failsafe-reports/*.xml"));
            var image = p.stage("image")
                    .needs(source)
                    .requires(tests)
                    .run((ctx, tree) -> dockerImage("shop").context(tree.tree()).build(ctx));
            p.stage("deploy")
                    .needs(image)
                    .requires(tests)
                    .when(branchIs("main"))
                    .when(parameterIs(env, "production"))
                    .deploy(blueGreen("shop")
                            .on(DockerHost.port(8080))
                            .traffic(router(8000))
                            .health(http("/health")));
        });
    }

    /** Refuses what leads out of this process. */
    private static final class Guard extends SecurityManager {

        @Override
        public void checkPermission(Permission permission) {
            if (permission instanceof FilePermission || permission instanceof SocketPermission) {
                throw new SecurityException("a plan must not touch " + permission);
            }
        }
    }
}
