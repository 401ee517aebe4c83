package dev.nonevent.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.gate.Verdict;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanDiffTest {

    @Test
    void aGateThatNoLongerGuardsADeployIsSaidFirst() {
        Plan before = plan(p -> {
            var build = p.stage("build").run(ctx -> 1);
            var tests = p.gate("unit tests").check(ctx -> Verdict.pass(""));
            var scan = p.gate("security scan").check(ctx -> Verdict.pass(""));
            p.stage("deploy").needs(build).requires(tests, scan).deploy(FakeStrategy.of("shop", Integer.class));
        });
        Plan after = plan(p -> {
            var build = p.stage("build").timeout(Duration.ofMinutes(5)).run(ctx -> 1);
            var tests = p.gate("unit tests").check(ctx -> Verdict.pass(""));
            p.gate("security scan").check(ctx -> Verdict.pass(""));
            p.stage("deploy").needs(build).requires(tests).deploy(FakeStrategy.of("shop", Integer.class));
        });

        assertThat(PlanDiff.between(before, after).text()).isEqualTo("""
                gate "security scan" no longer guards "deploy"
                timeout of "build": none → PT5M
                """);
    }

    @Test
    void aDeployWithoutGatesIsNotNewInSilence() {
        Plan before = plan(p -> p.stage("build").run(ctx -> 1));
        Plan after = plan(p -> {
            var build = p.stage("build").run(ctx -> 1);
            p.stage("deploy").needs(build).withoutGates("a spike").deploy(FakeStrategy.of("shop", Integer.class));
        });

        assertThat(PlanDiff.between(before, after).changes())
                .containsExactly("deploy \"deploy\" has no gates: a spike", "deploy \"deploy\" is new");
    }

    @Test
    void stagesEdgesConditionsAndParametersAreCompared() {
        Plan before = plan(p -> {
            var env = p.parameter("env", String.class).orElse("staging");
            var old = p.parameter("old", String.class).orElse("");
            var build = p.stage("build").run(ctx -> ctx.value(env) + ctx.value(old));
            p.stage("notes").after(build).run(ctx -> 1);
            p.stage("gone").run(ctx -> 1);
            p.gate("lint").check(ctx -> Verdict.pass(""));
        });
        Plan after = plan(p -> {
            var env = p.parameter("env", String.class).orElse("production");
            var jdk = p.parameter("jdk", Integer.class).required();
            var build = p.stage("build").env("LEVEL", "2").run(ctx -> ctx.value(env) + ctx.value(jdk));
            p.stage("notes").needs(build).when(Condition.branchIs("main")).run((ctx, jar) -> 1);
        });

        assertThat(PlanDiff.between(before, after).changes())
                .containsExactly(
                        "gate \"lint\" is gone",
                        "parameter --old is gone",
                        "the default of --env: staging → production",
                        "parameter --jdk is new: a whole number from -2147483648 to 2147483647, must be given",
                        "stage \"gone\" is gone",
                        "\"build\" now gets the variable \"LEVEL\"",
                        "\"notes\" now needs \"build\"",
                        "\"notes\" no longer comes after \"build\"",
                        "\"notes\" now runs only when the branch is main");
    }

    @Test
    void onlyLinesHaveMovedIsNoChange() {
        Plan before = plan(p -> p.stage("build").run(ctx -> 1));
        Plan after = plan(p -> {
            p.stage("build").run(ctx -> 1);
        });

        assertThat(before.json()).isNotEqualTo(after.json());
        assertThat(PlanDiff.since(before.json(), after).text()).isEqualTo("nothing has changed\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "{", "{\"pipeline\":1}", "{\"pipeline\":\"shop\",\"steps\":3}"})
    void whatIsNoPlanIsRefused(String json) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        PlanDiff.since(json, plan(p -> p.stage("build").run(ctx -> 1))))
                .withMessageStartingWith("this is not the JSON of a plan: ");
    }

    private static Plan plan(Consumer<Scope> body) {
        return Plan.of(Pipeline.define("shop", body));
    }
}
