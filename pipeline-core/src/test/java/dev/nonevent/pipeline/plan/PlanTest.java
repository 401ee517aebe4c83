package dev.nonevent.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.gate.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {

    enum Env {
        STAGING,
        PRODUCTION
    }

    @Test
    void theTextSaysWhatEachStageWaitsForAndWhy() {
        int here = shop().place().line();

        assertThat(Plan.of(shop()).text()).isEqualTo("""
                shop: 4 stages, 1 gate
                  --env  one of staging, production; staging if not given
                  --jdk  a whole number from -2147483648 to 2147483647; must be given
                  1. build             PlanTest.java:%d
                     timeout   10m
                     secrets   token
                  2. tests     gate    PlanTest.java:%d
                     needs     build
                  3. notes             PlanTest.java:%d
                     after     tests
                  4. deploy    deploy  PlanTest.java:%d
                     needs     build
                     requires  tests
                     when      the branch is main and env is production
                     deploys   fake deployment of "shop"
                  5. try "it"  deploy  PlanTest.java:%d
                     needs     build
                     deploys   fake deployment of "other"
                     no gates  a spike
                """.formatted(here + 4, here + 8, here + 9, here + 10, here + 16));
    }

    @Test
    void whatADeploymentTakesAtWorstIsInThePlan() throws Exception {
        Plan plan = Plan.of(Pipeline.define("shop", p -> {
            var build = p.stage("build").run(ctx -> 1);
            p.stage("deploy")
                    .needs(build)
                    .withoutGates("a spike")
                    .timeout(Duration.ofMinutes(2))
                    .deploy(FakeStrategy.of("shop", Integer.class)
                            .taking(Duration.ofSeconds(90), "healthy after 60 s", "drained after 30 s"));
        }));

        assertThat(plan.text()).contains("""
                     deploys   fake deployment of "shop"
                     at worst  healthy after 60 s
                               drained after 30 s
                """.stripTrailing());
        JsonNode deploy = new JsonMapper().readTree(plan.json()).at("/steps/1");
        assertThat(deploy.at("/atWorst/1").asText()).isEqualTo("drained after 30 s");
        assertThat(deploy.at("/longest").asText()).isEqualTo("PT1M30S");
    }

    @Test
    void theChartDrawsEachEdge() {
        assertThat(Plan.of(shop()).mermaid()).isEqualTo("""
                flowchart LR
                  s0["build"]
                  s1{"tests"}
                  s0 --> s1
                  s2["notes"]
                  s1 -.-> s2
                  s3>"deploy"]
                  s0 --> s3
                  s1 ==> s3
                  s4>"try #34;it#34;"]
                  s0 --> s4
                """);
    }

    @Test
    void graphvizCanDrawIt() {
        assertThat(Plan.of(shop()).dot()).isEqualTo("""
                digraph "shop" {
                  rankdir=LR
                  s0 [label="build", shape=box]
                  s1 [label="tests", shape=diamond]
                  s0 -> s1
                  s2 [label="notes", shape=box]
                  s1 -> s2 [style=dotted]
                  s3 [label="deploy", shape=house]
                  s0 -> s3
                  s1 -> s3 [style=bold]
                  s4 [label="try \\"it\\"", shape=house]
                  s0 -> s4
                }
                """);
    }

    @Test
    void theJsonCanBeReadByAProgram() throws Exception {
        JsonNode root = new JsonMapper().readTree(Plan.of(shop()).json());

        assertThat(root.at("/pipeline").asText()).isEqualTo("shop");
        assertThat(root.at("/parameters/0/default").asText()).isEqualTo("staging");
        assertThat(root.at("/parameters/1").has("default")).isFalse();
        assertThat(root.at("/steps").size()).isEqualTo(5);
        assertThat(root.at("/steps/0/timeout").asText()).isEqualTo("PT10M");
        assertThat(root.at("/steps/1/kind").asText()).isEqualTo("gate");
        assertThat(root.at("/steps/3/requires/0").asText()).isEqualTo("tests");
        assertThat(root.at("/steps/3/application").asText()).isEqualTo("shop");
        assertThat(root.at("/steps/4/withoutGates").asText()).isEqualTo("a spike");
    }

    @Test
    void aPlanIsTheSameEveryTime() {
        Plan one = Plan.of(shop());
        Plan two = Plan.of(shop());

        assertThat(List.of(two.text(), two.json(), two.mermaid()))
                .isEqualTo(List.of(one.text(), one.json(), one.mermaid()));
    }

    @Test
    void aStepIsFoundByNameAndAWrongNameIsCorrected() {
        Plan plan = Plan.of(shop());

        assertThat(plan.step("tests").name()).isEqualTo("tests");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan.step("test"))
                .withMessage("pipeline \"shop\" has no stage \"test\"; did you mean \"tests\"?");
    }

    private static Pipeline shop() {
        return Pipeline.define("shop", p -> {
            var token = p.secret("token");
            var env = p.parameter("env", Env.class).orElse(Env.STAGING);
            var jdk = p.parameter("jdk", Integer.class).required();
            var build = p.stage("build")
                    .timeout(Duration.ofMinutes(10))
                    .secret(token)
                    .run(ctx -> ctx.value(jdk));
            var tests = p.gate("tests").needs(build).check((ctx, jar) -> Verdict.pass("1 test"));
            p.stage("notes").after(tests).run(ctx -> 1);
            p.stage("deploy")
                    .needs(build)
                    .requires(tests)
                    .when(Condition.branchIs("main"))
                    .when(Condition.parameterIs(env, Env.PRODUCTION))
                    .deploy(FakeStrategy.of("shop", Integer.class));
            p.stage("try \"it\"").needs(build).withoutGates("a spike").deploy(FakeStrategy.of("other", Integer.class));
        });
    }
}
