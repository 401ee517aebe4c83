package dev.nonevent.pipeline.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compiler is the pipeline's linter: what does not fit does not compile, and its message names the mistake. */
class WrongUseDoesNotCompileTest {

    @TempDir
    Path classes;

    @Test
    void theRightProgramCompiles() {
        assertThat(errors("""
                var image = p.stage("image").needs(tree, jar).requires(unit).run((ctx, t, j) -> new Image(j.file()));
                p.stage("deploy").needs(image).deploy(images);
                p.stage("notes").needs(tree).after(image).run((ctx, t) -> t.files());
                """)).isEmpty();
    }

    @Test
    void aHandleIsNotAValue() {
        assertThat(errors("p.stage(\"x\").run(ctx -> jar.file());")).contains("file()", "jar", "Stage<Jar>");
    }

    @Test
    void anOutputThatDoesNotExistCannotBeRead() {
        assertThat(errors("p.stage(\"x\").needs(jar).run((ctx, j) -> j.checksum());"))
                .contains("cannot find symbol", "checksum()", "Jar");
    }

    @Test
    void aStageIsNoGate() {
        assertThat(errors("p.stage(\"x\").requires(jar).run(ctx -> 1);"))
                .contains("Stage<Jar> cannot be converted to GateHandle");
    }

    @Test
    void aGateIsNoInput() {
        assertThat(errors("p.stage(\"x\").needs(unit).run((ctx, u) -> 1);")).contains("GateHandle", "Stage<");
    }

    @Test
    void aGateAnswersWithAVerdict() {
        assertThat(errors("p.gate(\"x\").needs(jar).check((ctx, j) -> true);"))
                .contains("boolean cannot be converted to Verdict");
    }

    @Test
    void aStrategyDeploysOnlyWhatItCan() {
        assertThat(errors("p.stage(\"deploy\").needs(jar).deploy(images);"))
                .contains("FakeStrategy<Image> cannot be converted to DeploymentStrategy<? super Jar,");
    }

    @Test
    void whatIsDeclaredLaterCannotBeNeeded() {
        assertThat(errors("""
                p.stage("x").needs(later).run((ctx, l) -> 1);
                var later = p.stage("later").run(ctx -> 1);
                """)).contains("cannot find symbol", "variable later");
    }

    @Test
    void aDeployHasOneInput() {
        assertThat(errors("p.stage(\"deploy\").needs(tree, jar).deploy(images);"))
                .contains("cannot find symbol", "deploy(", "StageDeclaration2<Tree,Jar>");
    }

    @Test
    void aStageThatNeedsNothingDeploysNothing() {
        assertThat(errors("p.stage(\"deploy\").deploy(images);"))
                .contains("cannot find symbol", "deploy(", "StageDeclaration0");
    }

    @Test
    void aStageDoesNotCheckAndAGateDoesNotRun() {
        assertThat(errors("p.stage(\"x\").check(ctx -> Verdict.pass(\"\"));")).contains("cannot find symbol", "check(");
        assertThat(errors("p.gate(\"x\").run(ctx -> 1);")).contains("cannot find symbol", "run(");
    }

    @Test
    void nothingFollowsTheVerb() {
        assertThat(errors("p.stage(\"x\").run(ctx -> 1).timeout(java.time.Duration.ofSeconds(1));"))
                .contains("cannot find symbol", "timeout(", "Stage<Integer>");
    }

    @Test
    void needsIsSaidOnce() {
        assertThat(errors("p.stage(\"x\").needs(jar).needs(tree).run((ctx, t) -> 1);"))
                .contains("cannot find symbol", "needs(");
    }

    @Test
    void aHandleGivesNothingAway() {
        assertThat(errors("Jar j = jar.get();")).contains("cannot find symbol", "get()", "Stage<Jar>");
    }

    private String errors(String statements) {
        String program = """
                import dev.nonevent.pipeline.artifact.*;
                import dev.nonevent.pipeline.definition.*;
                import dev.nonevent.pipeline.deployment.*;
                import dev.nonevent.pipeline.gate.*;

                class Program {
                    record Jar(String file) {}
                    record Image(String digest) {}

                    Pipeline define(FakeStrategy<Image> images, Tree files) {
                        return Pipeline.define("shop", p -> {
                            var tree = p.stage("checkout").run(ctx -> files);
                            var jar = p.stage("build").needs(tree).run((ctx, t) -> new Jar("app.jar"));
                            var unit = p.gate("unit").needs(jar).check((ctx, j) -> Verdict.pass("1 test"));
                            %s
                        });
                    }
                }
                """.formatted(statements);
        StringWriter said = new StringWriter();
        ToolProvider.getSystemJavaCompiler()
                .getTask(
                        said,
                        null,
                        null,
                        List.of(
                                "-proc:none",
                                "-d",
                                classes.toString(),
                                "-classpath",
                                System.getProperty("java.class.path")),
                        null,
                        List.of(source(program)))
                .call();
        return said.toString();
    }

    private static JavaFileObject source(String program) {
        return new SimpleJavaFileObject(URI.create("string:///Program.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return program;
            }
        };
    }
}
