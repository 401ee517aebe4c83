package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateEngine;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.run.RunRequest;
import dev.nonevent.pipeline.run.RunResult;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.work.Trigger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run with secrets, and somebody who looks everywhere on the machine all the while. */
@NeedsPrivateEngine
@Timeout(180)
class SecretsNeverShowIT {

    private final String password = "pw-" + UUID.randomUUID();

    @TempDir
    Path temporary;

    @Test
    void neitherTheEngineNorTheProcessListShowsASecretOfARun() throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("registry"));
        Optional<TestRegistry> started = TestRegistry.start(directory);
        assumeTrue(started.isPresent() || Boolean.getBoolean("engine.required"), "no /usr/bin/docker-registry");
        try (TestRegistry registry = started.orElseThrow();
                PrivateEngine engine = PrivateEngine.start()) {
            String login = Base64.getEncoder().encodeToString("ci:right".getBytes(StandardCharsets.UTF_8));
            Onlooker onlooker = new Onlooker(engine.socket(), List.of(password, base64(password), login));

            RunResult result;
            try (onlooker) {
                result = run(engine, registry);
            }

            assertThat(result.outcome()).as(result.firstProblem()).isInstanceOf(Outcome.Passed.class);
            assertThat(onlooker.seen()).isEmpty();
            assertThat(onlooker.commands())
                    .as("what the onlooker saw: the run, and no less")
                    .anyMatch(each -> each.contains("proof of life"));
            assertThat(onlooker.histories()).anyMatch(each -> each.contains("built with no secret"));
            assertThat(onlooker.inspections()).isPositive();
        }
    }

    private RunResult run(PrivateEngine engine, TestRegistry registry) throws Exception {
        String image = engine.busybox();
        Path context = Files.createDirectory(temporary.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), "FROM " + image + "\nRUN echo built with no secret > /x\n");
        DockerExecutor container =
                DockerExecutor.container(image).network("none").engine(engine.address());
        DockerImage shop = DockerImage.dockerImage(registry.address() + "/shop")
                .contextDirectory(context)
                .engine(engine.address());
        Pipeline pipeline = Pipeline.define("shop", p -> {
            Secret database = p.secret("database-password");
            Secret token = p.secret("registry-token");
            var use = p.stage("use").in(container).env("PASSWORD", database).run(ctx -> {
                // Long enough to be looked at, and it has it: 39 letters.
                ctx.exec("sh", "-c", "test ${#PASSWORD} = 39; sleep 1; echo proof of life");
                return 1;
            });
            p.stage("ship")
                    .needs(use)
                    .secret(token)
                    .run((ctx, done) -> shop.pushAs("ci", token).build(ctx));
        });
        return PipelineRunner.in(temporary.resolve("home"))
                .secrets(SecretSource.environment(Map.of("DATABASE_PASSWORD", password, "REGISTRY_TOKEN", "right")))
                .run(Plan.of(pipeline), RunRequest.of(Trigger.manual()));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
