package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.work.Parameter;
import dev.nonevent.pipeline.work.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RequestTest {

    enum Env {
        STAGING,
        PRODUCTION
    }

    @TempDir
    Path top;

    @Test
    void everythingWrongIsSaidAtOnceBeforeAnythingIsWritten() {
        Path home = top.resolve("home");
        Consumer<Scope> body = p -> {
            Parameter<Env> env = p.parameter("env", Env.class).orElse(Env.STAGING);
            Parameter<Duration> wait = p.parameter("wait", Duration.class).required();
            Secret token = p.secret("registry-token");
            p.stage("build").run(ctx -> 1);
        };
        RunRequest request = RunRequest.of(Trigger.manual()).with("env", "prod").with("wiat", "10s");
        PipelineRunner runner = PipelineRunner.in(home).secrets(SecretSource.environment(Map.of()));

        assertThatThrownBy(() -> runner.start(Plan.of(Pipeline.define("shop", body)), request))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("pipeline \"shop\" cannot start")
                .hasMessageContaining("there is no parameter --wiat: did you mean --wait?")
                .hasMessageContaining("--env: \"prod\" is not one of staging, production")
                .hasMessageContaining(
                        "parameter --wait is missing: give --wait=…, a duration such as 90s, 10m or PT1H30M")
                .hasMessageContaining(
                        "secret \"registry-token\" is missing: looked in environment variable REGISTRY_TOKEN")
                .satisfies(thrown -> assertThat(((InvalidRequestException) thrown).problems())
                        .hasSize(4));
        assertThat(home).doesNotExist();
    }

    @Test
    void aSecretTooShortToBeMaskedIsRefused() {
        PipelineRunner runner = PipelineRunner.in(top).secrets(SecretSource.environment(Map.of("PIN", "123")));

        assertThatThrownBy(() -> new Bench(runner)
                        .start(p -> p.stage("build").secret(p.secret("pin")).run(ctx -> 1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("secret \"pin\"")
                .hasMessageNotContaining("123");
    }

    @Test
    void parametersReachTheStageWithTheirTypes() throws Exception {
        StringBuilder seen = new StringBuilder();
        RunRequest request = RunRequest.of(Trigger.manual()).with("env", "production");

        new Bench(top).run(request, p -> {
            Parameter<Env> env = p.parameter("env", Env.class).orElse(Env.STAGING);
            Parameter<Duration> wait = p.parameter("wait", Duration.class).orElse(Duration.ofSeconds(3));
            p.stage("build").run(ctx -> seen.append(ctx.value(env)).append(ctx.value(wait)));
        });

        assertThat(seen.toString()).isEqualTo("PRODUCTIONPT3S");
    }

    @Test
    void aNameFarFromAnyOtherGetsTheListOfThem() {
        RunRequest request = RunRequest.of(Trigger.manual()).with("colour", "blue");

        assertThatThrownBy(() -> new Bench(top).run(request, p -> {
                    Parameter<Env> env = p.parameter("env", Env.class).orElse(Env.STAGING);
                    p.stage("build").run(ctx -> 1);
                }))
                .hasMessageContaining("there is no parameter --colour: there is --env");
    }

    @Test
    void aHomeThatCannotBeMadeIsSaid() throws Exception {
        Path file = java.nio.file.Files.writeString(top.resolve("file"), "");

        assertThatThrownBy(() -> new Bench(file).run(p -> p.stage("build").run(ctx -> 1)))
                .isInstanceOf(dev.nonevent.pipeline.outcome.InfrastructureException.class)
                .hasMessageContaining("no run can be kept under " + file);
    }
}
