package dev.nonevent.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.deployment.Order;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DeploymentCommandsTest {

    private final Screen screen = new Screen();
    private final FakeStrategy<String> shop = FakeStrategy.of("shop", String.class);

    @TempDir
    Path home;

    @Test
    void thePlanIsPrintedInThreeFormats() throws IOException {
        assertThat(run(this::deploy, "plan")).isZero();
        assertThat(out()).contains("1. build", "deploys   fake deployment of \"shop\"");

        screen.clear();
        assertThat(run(this::deploy, "plan", "--format=mermaid")).isZero();
        assertThat(out()).startsWith("flowchart LR\n");

        screen.clear();
        assertThat(run(this::deploy, "plan", "--format", "json")).isZero();
        assertThat(new JsonMapper().readTree(out()).at("/pipeline").asText()).isEqualTo("shop");
        assertThat(err()).isEmpty();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void theCommandsOfADeploymentReachTheOneApplication() {
        assertThat(run(this::deploy, "rollback")).isZero();
        assertThat(run(this::deploy, "recover", "shop")).isZero();
        assertThat(run(this::deploy, "down")).isZero();

        assertThat(shop.asked()).containsExactly("rollBack", "recover", "down");
        assertThat(out()).isEqualTo("shop is back on blue\nshop: nothing was left open\nshop is gone\n");
        assertThat(err()).isEqualTo("switching back\n");
    }

    @Test
    void everyOrderReachesTheOneApplication() {
        shop.taking(Order.values());

        assertThat(run(this::deploy, "pause")).isZero();
        assertThat(run(this::deploy, "promote", "shop")).isZero();
        assertThat(run(this::deploy, "promote", "--full")).isZero();
        assertThat(run(this::deploy, "abort", "shop")).isZero();
        assertThat(run(this::deploy, "retry")).isZero();

        assertThat(shop.asked()).containsExactly("pause", "promote", "promote fully", "abort", "retry");
        assertThat(out()).startsWith("shop is told to pause\nshop is told to promote\nshop is told to promote fully\n");
        assertThat(err()).startsWith("asked by pause\nasked by promote\n").endsWith("asked by retry\n");
    }

    @Test
    void aStrategyThatTakesNoOrdersSaysSoInOneSentence() {
        assertThat(run(this::deploy, "pause")).isEqualTo(64);
        assertThat(err()).isEqualTo("shop cannot be told to pause: its strategy takes no orders\n");

        screen.clear();
        shop.taking(Order.RETRY, Order.ABORT);
        assertThat(run(this::deploy, "promote", "--full")).isEqualTo(64);
        assertThat(err()).isEqualTo("shop cannot be told to promote fully: its strategy takes only abort, retry\n");
        assertThat(out()).isEmpty();
        assertThat(shop.asked()).isEmpty();
    }

    @Test
    void anOrderForWhatIsNotUnderWayEndsWith1() {
        shop.taking(Order.PAUSE)
                .breakWith(new DeploymentFailedException("nothing is under way; nothing was changed", List.of()));

        assertThat(run(this::deploy, "pause")).isEqualTo(1);
        assertThat(err()).isEqualTo("nothing is under way; nothing was changed\n");
    }

    @Test
    void anOrderForAnotherApplicationEndsWith64AndTheNearest() {
        shop.taking(Order.values());

        assertThat(run(this::deploy, "abort", "shpo")).isEqualTo(64);
        assertThat(err()).isEqualTo("pipeline \"shop\" deploys no \"shpo\"; it deploys shop; did you mean \"shop\"?\n");
        assertThat(shop.asked()).isEmpty();
    }

    @Test
    void ofTwoApplicationsOneMustBeNamed() {
        FakeStrategy<String> other = FakeStrategy.of("other", String.class);
        Consumer<Scope> both = p -> {
            deploy(p);
            var b = p.stage("b").run(ctx -> "b");
            p.stage("deploy b").needs(b).withoutGates("a test").deploy(other);
        };

        assertThat(run(both, "rollback")).isEqualTo(64);
        assertThat(err()).isEqualTo("say which application: shop, other\n");
        assertThat(run(both, "pause")).isEqualTo(64);
        assertThat(run(both, "rollback", "other")).isZero();
        assertThat(other.asked()).containsExactly("rollBack");
        assertThat(shop.asked()).isEmpty();
    }

    @Test
    void whereNothingIsDeployedNothingIsRolledBack() {
        assertThat(run(p -> p.stage("a").run(ctx -> 1), "rollback")).isEqualTo(64);

        assertThat(err()).isEqualTo("pipeline \"shop\" deploys nothing\n");
    }

    @Test
    void aDeploymentThatFailsEndsWith1AndItsDetails() {
        shop.breakWith(
                new DeploymentFailedException("blue does not answer; traffic stays on green", List.of("port 1")));

        assertThat(run(this::deploy, "rollback")).isEqualTo(1);
        assertThat(err()).isEqualTo("blue does not answer; traffic stays on green\n  port 1\n");
    }

    @Test
    void aBrokenWorldEndsWith2() {
        shop.breakWith(new InfrastructureException("the ledger cannot be read"));

        assertThat(run(this::deploy, "status")).isEqualTo(2);
        assertThat(err()).isEqualTo("the ledger cannot be read\n");
    }

    @Test
    void whatNobodyExpectedEndsWith2AndItsTrace() {
        shop.breakWith(new IllegalArgumentException("a bug"));

        assertThat(run(this::deploy, "down")).isEqualTo(2);
        assertThat(err()).contains("unexpected: java.lang.IllegalArgumentException: a bug", "DeploymentCommandsTest");
    }

    @Test
    void statusHistoryAndMetricsTellOfRealRuns() throws IOException {
        assertThat(run(this::deploy, "history")).isZero();
        assertThat(out()).isEqualTo("no run yet under " + home + "\n");
        assertThat(run(this::deploy)).isZero();
        assertThat(run(p -> p.gate("unit tests").check(ctx -> Verdict.block("no"))))
                .isEqualTo(1);

        screen.clear();
        assertThat(run(this::deploy, "history")).isZero();
        assertThat(out().lines()).hasSize(2).first().asString().matches("[-0-9]+  passed  .*");
        assertThat(out()).contains("  BLOCKED  ");

        screen.clear();
        assertThat(run(this::deploy, "history", "--last=1")).isZero();
        assertThat(out().lines()).singleElement().asString().contains("BLOCKED");

        screen.clear();
        assertThat(run(this::deploy, "status")).isZero();
        assertThat(out()).startsWith("shop: traffic is on blue\nlast run: ").contains("BLOCKED");

        screen.clear();
        assertThat(run(this::deploy, "metrics")).isZero();
        assertThat(out()).startsWith("deployments      1\n");

        screen.clear();
        assertThat(run(this::deploy, "metrics", "--format=json")).isZero();
        assertThat(new JsonMapper().readTree(out()).path("deployments").asInt()).isEqualTo(1);
    }

    @Test
    void aLineThatACrashCutShortIsLeftOutOfTheHistory() throws IOException {
        assertThat(run(p -> p.stage("a").run(ctx -> 1))).isZero();
        Path history = home.resolve("history").resolve("shop.jsonl");
        Files.writeString(history, "{\"run\":\"1\",\"outc\nnull\n[]\n\n" + Files.readString(history));
        screen.clear();

        assertThat(run(p -> p.stage("a").run(ctx -> 1), "history")).isZero();
        assertThat(out().lines()).hasSize(1);
    }

    @Test
    void aDeployTellsWhereTrafficIs() {
        assertThat(run(this::deploy)).isZero();

        assertThat(err()).contains("● deploy: switched to green; traffic is on green\n");
    }

    private void deploy(Scope p) {
        var build = p.stage("build").run(ctx -> "jar");
        var tests = p.gate("tests").needs(build).check((ctx, jar) -> Verdict.pass("1 test"));
        p.stage("deploy").needs(build).requires(tests).deploy(shop);
    }

    private int run(Consumer<Scope> body, String... arguments) {
        return screen.main(home, body).run(arguments);
    }

    private String out() {
        return screen.out();
    }

    private String err() {
        return screen.err();
    }
}
