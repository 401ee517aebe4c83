package dev.nonevent.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.definition.GateHandle;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.definition.StageDeclaration0;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.text.Nearest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTest {

    @Test
    void everyProblemIsNamedAtOnceWithItsPlace() {
        Pipeline pipeline = Pipeline.define("Shop", p -> {
            var a = p.stage("build").run(ctx -> 1);
            p.stage("Build").run(ctx -> 2);
            StageDeclaration0 forgotten = p.stage("forgotten");
            p.stage("deploy").needs(a).deploy(FakeStrategy.of("shop", Integer.class, "port 0 is no port"));
        });
        int first = pipeline.place().line();

        assertThatThrownBy(() -> Plan.of(pipeline))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessage("""
                        pipeline "Shop" is not valid:
                          - pipeline "Shop" must be lower case letters, digits and dashes, at most 63, not a dash first (ValidationTest.java:%d)
                          - stage "Build" has the name of another, declared at ValidationTest.java:%d, as "build" (ValidationTest.java:%d)
                          - stage "forgotten" was begun but has no run(…) (ValidationTest.java:%d)
                          - stage "deploy" deploys what no gate has looked at: add requires(gate) here or before, or say withoutGates("why") (ValidationTest.java:%d)
                          - stage "deploy": port 0 is no port (ValidationTest.java:%d)""".formatted(first, first + 1, first + 2, first + 3, first + 4, first + 4));
    }

    @Test
    void aPipelineWithoutStagesIsRefused() {
        problems(p -> {}, "it has no stages: declare one with p.stage(…)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a ", "a\nb", "a\u001b[31m", "a\u202eb", "a\u2028b", "a/b", "a[b]", "a\\b", "..", "."})
    void aNameThatCouldHideOrSeparateIsRefused(String name) {
        List<Problem> problems =
                Validation.problems(Pipeline.define("shop", p -> p.stage(name).run(ctx -> 1)));

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.sentence()).contains("must not");
            assertThat(problem.sentence().codePoints())
                    .noneMatch(point -> Character.getType(point) == Character.CONTROL
                            || Character.getType(point) == Character.FORMAT
                            || Character.getType(point) == Character.LINE_SEPARATOR);
        });
    }

    @Test
    void invisibleCharactersAreShownAsCodePoints() {
        problems(p -> p.gate("a\u202eb").check(ctx -> Verdict.pass("")), "gate \"a<U+202E>b\" must not contain U+202E");
    }

    @Test
    void aNameHasALength() {
        problems(
                p -> p.stage("x".repeat(81)).run(ctx -> 1),
                "stage \"" + "x".repeat(80) + "…\" must not be longer than 80 characters");
        accepted(p -> p.stage("ü".repeat(80)).run(ctx -> 1));
    }

    @Test
    void componentsNestedTooDeepAreRefused() {
        assertThat(sentences(p -> p.include(
                        "x".repeat(80),
                        q -> q.include(
                                "y".repeat(80), r -> r.stage("z".repeat(60)).run(ctx -> 1)))))
                .singleElement()
                .asString()
                .endsWith("with the names of its components it is longer than 200");
    }

    @Test
    void componentsAndKeysFollowTheSameRule() {
        problems(
                p -> p.include("a/b", q -> q.stage("x").run(ctx -> 1)),
                "component \"a/b\" must not contain / \\ [ ]: these are for the names of components and fan-outs");
        problems(
                p -> p.each("tests", List.of("\u0007")).run((ctx, k) -> k),
                "stage \"tests\": the key \"<U+0007>\" must not contain U+0007");
    }

    @Test
    void namesOfComponentsAndFanOutsAreOurs() {
        accepted(p -> {
            p.include("a", q -> q.stage("x").run(ctx -> 1));
            p.include("b", q -> q.each("x", List.of("src/main", "[1]")).run((ctx, k) -> k));
        });
    }

    @Test
    void keysThatReadTheSameAreRefused() {
        assertThat(sentences(p -> p.each("x", List.of("A", "a")).run((ctx, k) -> k)))
                .singleElement()
                .asString()
                .startsWith("stage \"x[a]\" has the name of another");
    }

    @Test
    void aComponentIncludedTwiceUnderOneNameIsRefused() {
        assertThat(sentences(p -> {
                    p.include("a", q -> q.stage("x").run(ctx -> 1));
                    p.include("a", q -> q.stage("x").run(ctx -> 1));
                }))
                .singleElement()
                .asString()
                .startsWith("stage \"a/x\" has the name of another, declared at ValidationTest.java:");
    }

    @Test
    void aForgottenVerbNamesTheVerbsThatFit() {
        List<Object> begun = new ArrayList<>();

        assertThat(sentences(p -> {
                    var a = p.stage("a").run(ctx -> 1);
                    begun.add(p.stage("zero"));
                    begun.add(p.stage("one").needs(a));
                    begun.add(p.stage("two").needs(a, a));
                    begun.add(p.gate("gate"));
                    begun.add(p.each("each", List.of(1)));
                }))
                .containsExactly(
                        "stage \"zero\" was begun but has no run(…)",
                        "stage \"one\" was begun but has no run(…) or deploy(…)",
                        "stage \"two\" was begun but has no run(…)",
                        "gate \"gate\" was begun but has no check(…)",
                        "stage \"each\" was begun but has no run(…)");
    }

    @Test
    void aGateAnywhereBeforeADeployGuardsIt() {
        accepted(p -> p.stage("deploy").needs(a(p)).requires(gate(p)).deploy(shop()));
        accepted(p -> p.stage("deploy").needs(a(p)).after(gate(p)).deploy(shop()));
        accepted(p -> {
            var image = p.stage("image").requires(gate(p)).run(ctx -> "i");
            var pushed = p.stage("push").needs(image).run((ctx, i) -> i);
            p.stage("deploy").needs(pushed).deploy(shop());
        });
        accepted(p -> {
            var checked = p.stage("checked").requires(gate(p)).run(ctx -> "i");
            p.stage("deploy").needs(a(p)).after(checked).deploy(shop());
        });
    }

    @Test
    void aGateBesideADeployDoesNotGuardIt() {
        assertThat(sentences(p -> {
                    var a = a(p);
                    p.gate("beside").needs(a).check((ctx, x) -> Verdict.pass(""));
                    p.stage("deploy").needs(a).deploy(shop());
                }))
                .singleElement()
                .asString()
                .startsWith("stage \"deploy\" deploys what no gate has looked at");
    }

    @Test
    void aDeployWithoutGatesSaysWhyAndOnlyThen() {
        accepted(p -> p.stage("deploy").needs(a(p)).withoutGates("a spike").deploy(shop()));
        problems(
                p -> p.stage("deploy")
                        .needs(a(p))
                        .requires(gate(p))
                        .withoutGates("a spike")
                        .deploy(shop()),
                "stage \"deploy\" says withoutGates(…) but gate \"gate\" guards it; take one of them away");
        problems(
                p -> p.stage("work").needs(a(p)).withoutGates("a spike").run((ctx, x) -> x),
                "stage \"work\" says withoutGates(…) but deploys nothing");
    }

    @Test
    void aDeploymentThatMayTakeLongerThanItsStageIsRefused() {
        Duration ninety = Duration.ofSeconds(90);

        accepted(p -> p.stage("deploy").needs(a(p)).requires(gate(p)).deploy(shop().taking(ninety)));
        accepted(p ->
                p.stage("deploy").needs(a(p)).requires(gate(p)).timeout(ninety).deploy(shop().taking(ninety)));
        problems(
                p -> p.stage("deploy")
                        .needs(a(p))
                        .requires(gate(p))
                        .timeout(Duration.ofMinutes(1))
                        .deploy(shop().taking(ninety)),
                "stage \"deploy\" may take 1m30s by its own settings, and is ended after 1m: raise the timeout, or shorten"
                        + " its parts");
    }

    @Test
    void aHandleOfAnotherPipelineIsRefused() {
        List<Stage<String>> stages = new ArrayList<>();
        List<GateHandle> gates = new ArrayList<>();
        Pipeline other = Pipeline.define("other", p -> {
            stages.add(p.stage("build").run(ctx -> "x"));
            gates.add(p.gate("unit tests").check(ctx -> Verdict.pass("")));
        });

        assertThat(sentences(p -> {
                    p.stage("build").run(ctx -> "x");
                    p.gate("unit test").check(ctx -> Verdict.pass(""));
                    p.stage("x").needs(stages.get(0)).requires(gates.get(0)).run((ctx, b) -> b);
                }))
                .containsExactly(
                        "stage \"x\" waits for stage \"build\", which another pipeline declares at "
                                + other.declarations().get(0).place() + "; name the one of this pipeline",
                        "stage \"x\" waits for gate \"unit tests\", which another pipeline declares at "
                                + other.declarations().get(1).place() + "; did you mean \"unit test\"?");
    }

    @Test
    void aSecretThatIsNotDeclaredHereIsRefusedWithTheNearest() {
        problems(
                p -> {
                    Secret known = p.secret("registry-token");
                    p.stage("a")
                            .secret(known)
                            .env("T", new Secret("registy-token"))
                            .run(ctx -> 1);
                },
                "stage \"a\" is given the secret \"registy-token\", which this pipeline does not declare with p.secret(…); did you mean \"registry-token\"?");
    }

    @Test
    void aSecretOrParameterDeclaredTwiceIsRefused() {
        List<Object> declared = new ArrayList<>();

        assertThat(sentences(p -> {
                    declared.add(p.secret("token"));
                    declared.add(p.secret("token"));
                    declared.add(p.parameter("env", String.class).required());
                    declared.add(p.parameter("env", Integer.class).orElse(1));
                    p.stage("a").run(ctx -> 1);
                }))
                .hasSize(2)
                .anySatisfy(it -> assertThat(it).startsWith("secret \"token\" was declared before, at Valid"))
                .anySatisfy(it -> assertThat(it).startsWith("parameter \"env\" was declared before, at Valid"));
    }

    @Test
    void aParameterThatWasNeverEndedIsRefused() {
        List<Object> begun = new ArrayList<>();

        problems(
                p -> {
                    begun.add(p.parameter("env", String.class));
                    p.stage("a").run(ctx -> 1);
                },
                "parameter \"env\" was begun but says neither orElse(…) nor required()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Env", "-x", "a b", "a=b", "1a"})
    void aParameterHasANameForTheCommandLine(String name) {
        List<Object> declared = new ArrayList<>();

        assertThat(sentences(p -> {
                    declared.add(p.parameter(name, String.class).required());
                    p.stage("a").run(ctx -> 1);
                }))
                .singleElement()
                .asString()
                .contains("must be lower case letters, digits and dashes");
    }

    @Test
    void aVariableIsATextOrASecret() {
        problems(
                p -> p.stage("a").env("T", "1").env("T", p.secret("token")).run(ctx -> 1),
                "stage \"a\" sets T both to a text and to a secret");
    }

    @Test
    void oneApplicationHasOneDeploy() {
        assertThat(sentences(p -> {
                    p.stage("one").needs(a(p)).requires(gate(p)).deploy(shop());
                    var b = p.stage("b").run(ctx -> "b");
                    p.stage("two").needs(b).withoutGates("why").deploy(shop());
                }))
                .singleElement()
                .asString()
                .startsWith("stage \"two\" deploys \"shop\", and so does stage \"one\" at ValidationTest.java:");
    }

    @ParameterizedTest
    @CsvSource({"biuld, build", "BUILD, build", "build1, build", "x, ", "deploy, ", "'', "})
    void theNearestNameIsOneThatIsNear(String name, String nearest) {
        assertThat(Nearest.to(name, List.of("build", "unit tests"))).isEqualTo(java.util.Optional.ofNullable(nearest));
    }

    private static Stage<String> a(Scope p) {
        return p.stage("a").run(ctx -> "a");
    }

    private static GateHandle gate(Scope p) {
        return p.gate("gate").check(ctx -> Verdict.pass(""));
    }

    private static FakeStrategy<String> shop() {
        return FakeStrategy.of("shop", String.class);
    }

    private static void accepted(Consumer<Scope> body) {
        assertThat(sentences(body)).isEmpty();
    }

    private static void problems(Consumer<Scope> body, String... sentences) {
        assertThat(sentences(body)).containsExactly(sentences);
    }

    private static List<String> sentences(Consumer<Scope> body) {
        return Validation.problems(Pipeline.define("shop", body)).stream()
                .map(Problem::sentence)
                .toList();
    }
}
