package dev.nonevent.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.definition.Lock;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.gate.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SchedulingRulesTest {

    private static Plan plan(Consumer<Scope> body) {
        return Plan.of(Pipeline.define("shop", body));
    }

    private final Plan plan = plan(p -> {
        Lock database = p.lock("database");
        Stage<String> jar = p.stage("jar").retry(0).run(ctx -> "jar");
        var tests = p.gate("it").needs(jar).retry(2).lock(database).check((ctx, built) -> Verdict.pass("41 passed"));
        p.stage("deploy")
                .needs(jar)
                .requires(tests)
                .lock(p.lock("production", Lock.Policy.CANCEL_OLDER))
                .lock(database)
                .approvedBy("ops")
                .approvedWithin(Duration.ofHours(8))
                .deploy(FakeStrategy.of("shop", String.class));
    });

    @Test
    void whenAStageStartsStandsInTheTextOfThePlan() {
        assertThat(plan.text())
                .contains("     retried   never\n")
                .contains("     locks     database\n     retried   up to 2 times, whatever went wrong\n")
                .contains("     approval  waits for approval by ops, at most 8h\n")
                .contains("     locks     database, production (cancels older runs)\n");
    }

    @Test
    void programsReadItToo() {
        assertThat(plan.json())
                .contains("\"approval\" : {\n      \"by\" : \"ops\",\n      \"within\" : \"PT8H\"\n    }")
                .contains("\"name\" : \"production\",\n      \"policy\" : \"CANCEL_OLDER\"")
                .contains("\"retries\" : 2");
    }

    @Test
    void locksAreDrawnOnceAndJoinedToWhoeverTakesThem() {
        assertThat(plan.mermaid())
                .containsOnlyOnce("l0{{\"database\"}}")
                .contains("l0 --- s1", "l0 --- s2", "l1{{\"production\"}}", "l1 --- s2")
                .contains("s2>\"deploy<br/>approved by ops\"]");
    }

    @Test
    void whatDoesNotFitIsSaidAllAtOnce() {
        assertThatThrownBy(() -> plan(p -> {
                    Lock lock = p.lock("Production");
                    Stage<String> jar = p.stage("jar")
                            .lock(lock)
                            .approvedWithin(Duration.ofHours(1))
                            .run(ctx -> "jar");
                    var twice = List.of(p.lock("b"), p.lock("b", Lock.Policy.FAIL));
                    p.each("tests", List.of(17, 21))
                            .needs(jar)
                            .approvedBy("ops")
                            .run((ctx, jdk, built) -> twice.size());
                    p.stage("deploy")
                            .needs(jar)
                            .withoutGates("a test")
                            .retry(1)
                            .deploy(FakeStrategy.of("shop", String.class));
                }))
                .hasMessageContaining("lock \"Production\" must be lower case letters")
                .hasMessageContaining("lock \"b\" was declared before")
                .hasMessageContaining("stage \"jar\" says how long an approval is waited for, but not approvedBy(…)")
                .hasMessageContaining("stage \"tests\" is a fan-out, whose cells start one by one")
                .hasMessageContaining("stage \"deploy\": a deploy is not tried again by itself");
    }

    @Test
    void aWrongNumberIsRefusedWhereItIsSaid() {
        assertThatThrownBy(() -> plan(p -> p.stage("a").retry(11).run(ctx -> 1)))
                .hasMessage("stage \"a\": retry must be from 0 to 10 times, was 11");
        assertThatThrownBy(() -> plan(p -> p.stage("a").approvedBy(" ").run(ctx -> 1)))
                .hasMessage(
                        "stage \"a\": the name given to approvedBy must not be blank, nor begin or end with a space");
        assertThatThrownBy(() ->
                        plan(p -> p.stage("a").approvedWithin(Duration.ZERO).run(ctx -> 1)))
                .hasMessageContaining("approvedWithin must be positive");
    }
}
