package dev.nonevent.pipeline.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.plan.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanPolicyTest {

    private static PlanPolicy policy(Consumer<Scope> body) {
        return PlanPolicy.of(Pipeline.define("shop", body));
    }

    private static void guarded(Scope p) {
        var scan = p.gate("security scan").check(ctx -> Verdict.pass("clean"));
        var unit = p.gate("unit tests").check(ctx -> Verdict.pass("2 passed"));
        var lint = p.gate("lint").check(ctx -> Verdict.pass("tidy"));
        var jar = p.stage("build").requires(scan).run(ctx -> "jar");
        var sign = p.stage("sign").needs(jar).approvedBy("ops").run((ctx, file) -> file + ".sig");
        p.stage("deploy").needs(sign).requires(unit).after(lint).deploy(FakeStrategy.of("shop", String.class));
    }

    @Test
    void deployIsGuardedByWhatItRequiresAndWhatThatWhichItNeedsRequires() {
        policy(PlanPolicyTest::guarded)
                .everyDeploy()
                .isGuardedBy("unit tests", "security scan")
                .isApproved();
    }

    @Test
    void gateThatOnlyComesBeforeDoesNotGuard() {
        assertThatThrownBy(() -> policy(PlanPolicyTest::guarded).everyDeploy().isGuardedBy("lint"))
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching(
                        "pipeline \"shop\": \"deploy\" at PlanPolicyTest.java:\\d+ is not guarded by \"lint\","
                                + " only by \\[security scan, unit tests]");
    }

    @Test
    void gateThatIsNotThereIsNamedWithTheNearest() {
        assertThatThrownBy(() -> policy(PlanPolicyTest::guarded).everyDeploy().isGuardedBy("unit test"))
                .hasMessage("pipeline \"shop\": there is no gate \"unit test\"; did you mean \"unit tests\"?");
    }

    @Test
    void deployNobodyApprovesIsReported() {
        assertThatThrownBy(() -> policy(p -> {
                            var unit = p.gate("unit tests").check(ctx -> Verdict.pass("2 passed"));
                            var jar = p.stage("build").run(ctx -> "jar");
                            p.stage("deploy").needs(jar).requires(unit).deploy(FakeStrategy.of("shop", String.class));
                        })
                        .everyDeploy()
                        .isApproved())
                .hasMessageContaining("starts without anybody's yes");
    }

    @Test
    void pipelineThatDeploysNothingIsNotCalledGuarded() {
        assertThatThrownBy(() -> policy(p -> p.stage("build").run(ctx -> "jar")).everyDeploy())
                .hasMessage("pipeline \"shop\" deploys nothing");
    }

    @Test
    void planThatHasChangedIsToldInSentences(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("shop.plan.json");
        Files.writeString(
                file, Plan.of(Pipeline.define("shop", PlanPolicyTest::guarded)).json());

        policy(PlanPolicyTest::guarded).matchesSnapshot(file);
        assertThatThrownBy(() -> policy(p -> p.stage("build").run(ctx -> "jar")).matchesSnapshot(file))
                .hasMessageContaining("is not the one in " + file)
                .hasMessageContaining("deploy");
        assertThatThrownBy(() -> policy(PlanPolicyTest::guarded).matchesSnapshot(directory.resolve("none")))
                .hasMessageContaining("there is no plan in");
    }
}
