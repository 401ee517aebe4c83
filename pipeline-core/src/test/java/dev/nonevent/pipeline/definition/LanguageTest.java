package dev.nonevent.pipeline.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.nonevent.pipeline.definition.team.TeamComponents;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.secret.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTest {

    @Test
    void aStageTakesTheValuesOfZeroToFiveStagesInTheirOrder() throws Exception {
        Pipeline pipeline = Pipeline.define("shop", p -> {
            var a = p.stage("a").run(ctx -> "a");
            var b = p.stage("b").needs(a).run((ctx, x) -> x + "b");
            var c = p.stage("c").needs(a, b).run((ctx, x, y) -> x + y + "c");
            var d = p.stage("d").needs(a, b, c).run((ctx, x, y, z) -> x + y + z + "d");
            var e = p.stage("e").needs(a, b, c, d).run((ctx, x, y, z, u) -> x + y + z + u + "e");
            p.stage("f").needs(a, b, c, d, e).run((ctx, x, y, z, u, v) -> x + y + z + u + v + "f");
        });

        assertThat(work(pipeline, "a")).isEqualTo("a");
        assertThat(work(pipeline, "b", "1")).isEqualTo("1b");
        assertThat(work(pipeline, "c", "1", "2")).isEqualTo("12c");
        assertThat(work(pipeline, "d", "1", "2", "3")).isEqualTo("123d");
        assertThat(work(pipeline, "e", "1", "2", "3", "4")).isEqualTo("1234e");
        assertThat(work(pipeline, "f", "1", "2", "3", "4", "5")).isEqualTo("12345f");
        assertThat(declaration(pipeline, "f").inputs())
                .extracting(Stage::name)
                .containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void aGateTakesTheValuesOfZeroToFiveStages() throws Exception {
        Pipeline pipeline = Pipeline.define("shop", p -> {
            var a = p.stage("a").run(ctx -> "a");
            p.gate("0").check(ctx -> Verdict.pass("0"));
            p.gate("1").needs(a).check((ctx, x) -> Verdict.pass("" + x));
            p.gate("2").needs(a, a).check((ctx, x, y) -> Verdict.pass("" + x + y));
            p.gate("3").needs(a, a, a).check((ctx, x, y, z) -> Verdict.pass("" + x + y + z));
            p.gate("4").needs(a, a, a, a).check((ctx, x, y, z, u) -> Verdict.pass("" + x + y + z + u));
            p.gate("5").needs(a, a, a, a, a).check((ctx, x, y, z, u, v) -> Verdict.pass("" + x + y + z + u + v));
        });

        assertThat(check(pipeline, "0")).isEqualTo("0");
        assertThat(check(pipeline, "1", "p")).isEqualTo("p");
        assertThat(check(pipeline, "2", "p", "q")).isEqualTo("pq");
        assertThat(check(pipeline, "3", "p", "q", "r")).isEqualTo("pqr");
        assertThat(check(pipeline, "4", "p", "q", "r", "s")).isEqualTo("pqrs");
        assertThat(check(pipeline, "5", "p", "q", "r", "s", "t")).isEqualTo("pqrst");
    }

    @Test
    void aFanOutIsOneStageForEachKeyAndOneThatGathersThemInOrder() throws Exception {
        Pipeline pipeline = Pipeline.define("shop", p -> {
            var source = p.stage("source").run(ctx -> "s");
            Stage<Map<Integer, String>> tests = p.each("tests", List.of(21, 17))
                    .timeout(Duration.ofMinutes(1))
                    .needs(source)
                    .in(jdk -> new Named("jdk " + jdk))
                    .run((ctx, jdk, s) -> s + jdk);
            p.stage("after").needs(tests).run((ctx, all) -> all.get(17));
        });

        assertThat(pipeline.declarations())
                .extracting(Declaration::name)
                .containsExactly("source", "tests[21]", "tests[17]", "tests", "after");
        assertThat(declaration(pipeline, "tests[17]")
                        .options()
                        .executor()
                        .orElseThrow()
                        .description())
                .isEqualTo("jdk 17");
        assertThat(declaration(pipeline, "tests[17]").options().timeout()).contains(Duration.ofMinutes(1));
        assertThat(work(pipeline, "tests[17]", "x")).isEqualTo("x17");
        assertThat(work(pipeline, "tests", "first", "second")).hasToString("{21=first, 17=second}");
    }

    @Test
    void theCellsOfAFanOutTakeZeroToFiveValues() throws Exception {
        List<String> k = List.of("k");
        Pipeline pipeline = Pipeline.define("shop", p -> {
            var a = p.stage("a").run(ctx -> "a");
            p.each("0", k).run((ctx, key) -> key);
            p.each("1", k).needs(a).run((ctx, key, x) -> key + x);
            p.each("2", k).needs(a, a).run((ctx, key, x, y) -> key + x + y);
            p.each("3", k).needs(a, a, a).run((ctx, key, x, y, z) -> key + x + y + z);
            p.each("4", k).needs(a, a, a, a).run((ctx, key, x, y, z, u) -> key + x + y + z + u);
            p.each("5", k).needs(a, a, a, a, a).run((ctx, key, x, y, z, u, v) -> key + x + y + z + u + v);
        });

        assertThat(work(pipeline, "0[k]")).isEqualTo("k");
        assertThat(work(pipeline, "1[k]", "1")).isEqualTo("k1");
        assertThat(work(pipeline, "2[k]", "1", "2")).isEqualTo("k12");
        assertThat(work(pipeline, "3[k]", "1", "2", "3")).isEqualTo("k123");
        assertThat(work(pipeline, "4[k]", "1", "2", "3", "4")).isEqualTo("k1234");
        assertThat(work(pipeline, "5[k]", "1", "2", "3", "4", "5")).isEqualTo("k12345");
    }

    @Test
    void theCleanupOfAFanOutBelongsToItsCells() {
        Pipeline pipeline = Pipeline.define(
                "shop", p -> p.each("x", List.of(1)).cleanup(ctx -> {}).run((ctx, key) -> key));

        assertThat(declaration(pipeline, "x[1]").options().cleanup()).isPresent();
        assertThat(declaration(pipeline, "x").options().cleanup()).isEmpty();
    }

    @Test
    void aFanOutOverNothingTwiceTheSameOrNullIsRefusedAtTheCall() {
        List<String> withNull = new ArrayList<>();
        withNull.add(null);

        for (List<String> keys : List.of(List.<String>of(), List.of("a", "a"), withNull)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            Pipeline.define("shop", p -> p.each("tests", keys).run((ctx, k) -> k)))
                    .withMessageStartingWith("stage \"tests\": each needs at least one key");
        }
    }

    @Test
    void aComponentPutsItsPrefixBeforeEachName() {
        Pipeline pipeline = Pipeline.define("shop", p -> {
            var orders = p.include("orders", TeamComponents::service);
            var nested = p.include("all", q -> q.include("stock", TeamComponents::service));
            p.stage("image")
                    .needs(orders.jar(), nested.jar())
                    .requires(orders.tests())
                    .run((ctx, a, b) -> 1);
        });

        assertThat(pipeline.declarations())
                .extracting(Declaration::name)
                .containsExactly("orders/build", "orders/tests", "all/stock/build", "all/stock/tests", "image");
    }

    @Test
    void everySettingIsFreeInOrderAndKept() {
        Pipeline pipeline = Pipeline.define("shop", p -> {
            var token = p.secret("token");
            var other = p.secret("other");
            var a = p.stage("a").run(ctx -> "a");
            var gate = p.gate("g").check(ctx -> Verdict.pass(""));
            p.stage("b")
                    .env("A", "1")
                    .secret(other)
                    .timeout(Duration.ofSeconds(3))
                    .needs(a)
                    .after(gate)
                    .env("TOKEN", token)
                    .when(Condition.branchIs("main"))
                    .requires(gate)
                    .cleanup(ctx -> {})
                    .in(new Named("box"))
                    .run((ctx, x) -> x);
        });

        Declaration b = declaration(pipeline, "b");
        assertThat(b.before()).extracting(Handle::name).containsExactly("a", "g", "g");
        assertThat(b.options().environment()).isEqualTo(Map.of("A", "1"));
        assertThat(b.options().secretEnvironment()).isEqualTo(Map.of("TOKEN", new Secret("token")));
        assertThat(b.options().secrets()).isEqualTo(Set.of(new Secret("token"), new Secret("other")));
        assertThat(b.options().timeout()).contains(Duration.ofSeconds(3));
        assertThat(b.options().conditions()).extracting(Condition::text).containsExactly("the branch is main");
        assertThat(b.options().executor()).isPresent();
        assertThat(b.options().cleanup()).isPresent();
    }

    @Test
    void declaringAfterDefineIsRefused() {
        List<Scope> kept = new ArrayList<>();
        List<StageDeclaration0> begun = new ArrayList<>();
        Pipeline.define("shop", p -> {
            kept.add(p);
            begun.add(p.stage("begun"));
        });
        Scope late = kept.get(0);

        for (Function<Scope, Object> declare : List.<Function<Scope, Object>>of(
                p -> p.stage("x"),
                p -> p.gate("x"),
                p -> p.each("x", List.of(1)),
                p -> p.secret("x"),
                p -> p.parameter("x", String.class),
                p -> p.include("x", q -> q),
                p -> {
                    p.onFinish(run -> {});
                    return p;
                },
                p -> begun.get(0).run(ctx -> 1),
                p -> begun.get(0).timeout(Duration.ofSeconds(1)))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> declare.apply(late))
                    .withMessageContaining("already defined");
        }
    }

    @Test
    void aVerbIsSaidOnce() {
        refusedState("already has its verb", p -> {
            var begun = p.stage("x");
            begun.run(ctx -> 1);
            begun.run(ctx -> 2);
        });
        refusedState("already has its verb", p -> {
            var begun = p.each("x", List.of(1));
            begun.run((ctx, k) -> 1);
            begun.run((ctx, k) -> 2);
        });
    }

    @Test
    void aSettingAfterTheVerbIsRefusedAndNotLost() {
        refusedState("nothing can follow it", p -> {
            var begun = p.stage("x");
            begun.run(ctx -> 1);
            StageDeclaration0 lost = begun.timeout(Duration.ofSeconds(1));
        });
    }

    @Test
    void needsSaidTwiceThroughAKeptVariableIsRefused() {
        refusedState("already said what it needs", p -> {
            var number = p.stage("number").run(ctx -> 1);
            var text = p.stage("text").run(ctx -> "t");
            var begun = p.stage("x");
            var first = begun.needs(number);
            var second = begun.needs(text);
            second.run((ctx, t) -> t.length());
        });
    }

    @Test
    void aHandleThatIsNotThereYetIsRefusedByName() {
        refusedArgument("stage \"x\": needs was given null", p -> p.stage("x").needs((Stage<String>) null));
        refusedArgument(
                "stage \"x\": requires was given null", p -> p.stage("x").requires((GateHandle) null));
        refusedArgument("stage \"x\": after was given null", p -> p.stage("x").after((Handle) null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1A", "A=B", "A B", "A-B", "Ä", "A\nB", "A\0"})
    void whatIsNoNameOfAVariableIsRefused(String name) {
        refusedArgument("is not the name of a variable", p -> p.stage("x").env(name, "v"));
        refusedArgument("is not the name of a variable", p -> p.gate("x").env(name, p.secret("s")));
    }

    @Test
    void aVariableCannotHoldTheEndOfAString() {
        refusedArgument("the value of A contains U+0000", p -> p.stage("x").env("A", "a\0b"));
    }

    @Test
    void aTimeoutIsPositiveAndCountable() {
        for (Duration limit : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
            refusedArgument(
                    "stage \"x\": timeout must be positive", p -> p.stage("x").timeout(limit));
        }
    }

    @Test
    void withoutGatesNeedsAReason() {
        refusedArgument(
                "stage \"x\": withoutGates needs a reason",
                p -> p.stage("x")
                        .needs(p.stage("a").run(ctx -> "a"))
                        .withoutGates(" ")
                        .deploy(FakeStrategy.of("shop", String.class)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Token", "a b", "-a", "a/b", "ä"})
    void aSecretHasAPlainName(String name) {
        refusedArgument("a name is lower case letters", p -> p.secret(name));
    }

    @Test
    void nothingRunsWhileAPipelineIsDefined() {
        List<String> ran = new ArrayList<>();
        Pipeline.define("shop", p -> {
            p.stage("a").cleanup(ctx -> ran.add("cleanup")).run(ctx -> ran.add("a"));
            p.gate("b").check(ctx -> {
                ran.add("b");
                return Verdict.pass("");
            });
            p.onFinish(run -> ran.add("hook"));
        });

        assertThat(ran).isEmpty();
    }

    private static void refusedState(String message, Consumer<Scope> body) {
        assertThatIllegalStateException()
                .isThrownBy(() -> Pipeline.define("shop", body))
                .withMessageContaining(message);
    }

    private static void refusedArgument(String message, Function<Scope, Object> body) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pipeline.define("shop", p -> {
                    Object unused = body.apply(p);
                }))
                .withMessageContaining(message);
    }

    private static Declaration declaration(Pipeline pipeline, String name) {
        return pipeline.declarations().stream()
                .filter(declaration -> declaration.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Object work(Pipeline pipeline, String name, Object... inputs) throws Exception {
        return ((Deed.Work) declaration(pipeline, name).deed()).body().run(null, List.of(inputs));
    }

    private static String check(Pipeline pipeline, String name, Object... inputs) throws Exception {
        return ((Deed.Check) declaration(pipeline, name).deed())
                .body()
                .run(null, List.of(inputs))
                .sentence();
    }

    private record Named(String description) implements CommandExecutor {
        @Override
        public CommandResult run(Command command, CommandOutput output) {
            throw new AssertionError("nothing runs while a pipeline is defined");
        }
    }
}
