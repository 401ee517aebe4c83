package dev.nonevent.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.work.Trigger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForecastTest {

    enum Env {
        STAGING,
        PRODUCTION
    }

    private final Plan plan = Plan.of(Pipeline.define("shop", p -> {
        var env = p.parameter("env", Env.class).required();
        var build = p.stage("build").run(ctx -> 1);
        var tests = p.gate("tests").needs(build).check((ctx, jar) -> Verdict.pass(""));
        var live = p.stage("deploy")
                .needs(build)
                .requires(tests)
                .when(Condition.branchIs("main"))
                .when(Condition.parameterIs(env, Env.PRODUCTION))
                .deploy(FakeStrategy.of("shop", Integer.class));
        p.stage("announce").needs(live).run((ctx, release) -> 1);
        p.stage("sweep").after(live).run(ctx -> 1);
    }));

    @Test
    void withEverythingGivenEachStageRunsOrSaysWhyNot() {
        assertThat(fates(Trigger.manual().onBranch("dev"), Map.of("env", "production")))
                .containsEntry("tests", "runs")
                .containsEntry("deploy", "skipped: the branch is dev, not: the branch is main")
                .containsEntry("announce", "skipped: needs \"deploy\", which is skipped")
                .containsEntry("sweep", "runs");
        assertThat(fates(Trigger.manual().onBranch("main"), Map.of("env", "production")))
                .containsEntry("deploy", "runs")
                .containsEntry("announce", "runs");
    }

    @Test
    void whatIsNotKnownYetStaysOpen() {
        assertThat(fates(Trigger.manual(), Map.of("env", "production")))
                .containsEntry("deploy", "only if the branch is main")
                .containsEntry("announce", "only if \"deploy\" runs");
        assertThat(fates(Trigger.manual().onBranch("main"), Map.of()))
                .containsEntry("deploy", "only if env is production");
    }

    @Test
    void oneConditionThatDoesNotHoldDecidesWhateverIsOpen() {
        assertThat(fates(Trigger.manual(), Map.of("env", "staging")))
                .containsEntry("deploy", "skipped: env is staging, not: env is production");
    }

    @Test
    void aConditionThatDeniesWhatIsNotKnownIsOpenToo() {
        Plan denying = Plan.of(Pipeline.define(
                "shop",
                p -> p.stage("build").when(Condition.branchIs("main").not()).run(ctx -> 1)));

        Forecast forecast = denying.forecast(Trigger.manual(), Map.of());

        assertThat(forecast.of(denying.step("build").handle()).text()).isEqualTo("only if not (the branch is main)");
        assertThat(forecast.skipped()).isEmpty();
    }

    @Test
    void aParameterThatCannotBeReadIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan.forecast(Trigger.manual(), Map.of("env", "mars")))
                .withMessageContaining("env");
    }

    @Test
    void theTextShowsItBesideEachStage() {
        Forecast forecast = plan.forecast(Trigger.manual().onBranch("dev"), Map.of());

        assertThat(plan.text(forecast))
                .contains(
                        "     then      runs\n",
                        "     then      skipped: the branch is dev, not: the branch is main\n");
    }

    private Map<String, String> fates(Trigger trigger, Map<String, String> parameters) {
        Forecast forecast = plan.forecast(trigger, parameters);
        Map<String, String> fates = new LinkedHashMap<>();
        plan.steps()
                .forEach(step ->
                        fates.put(step.name(), forecast.of(step.handle()).text()));
        return fates;
    }
}
