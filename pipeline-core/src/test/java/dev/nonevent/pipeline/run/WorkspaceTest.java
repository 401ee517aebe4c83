package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.source.Checkout;
import dev.nonevent.pipeline.source.Revision;
import dev.nonevent.pipeline.work.StageContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class WorkspaceTest {

    @TempDir
    Path top;

    /** Code of one stage. */
    interface Code {
        Object run(StageContext context) throws Exception;
    }

    @Test
    void anArtifactTravelsFromOneStageToAnother() throws Exception {
        AtomicReference<String> read = new AtomicReference<>();

        RunResult result = run(p -> {
            Stage<Artifact> jar = p.stage("build").run(ctx -> {
                Files.createDirectories(ctx.workspace().resolve("target"));
                Files.writeString(ctx.workspace().resolve("target/shop-1.jar"), "a jar");
                return ctx.artifact("target/*.jar");
            });
            p.stage("image").needs(jar).run((ctx, built) -> {
                Path placed = ctx.place(built, "lib/app.jar");
                read.set(Files.readString(placed));
                return ctx.workspace().relativize(placed).toString();
            });
        });

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(read).hasValue("a jar");
    }

    @Test
    void aStageFindsItsOwnWritableCopyOfTheCheckoutItNeeds() throws Exception {
        RunResult result = run(p -> {
            Stage<Checkout> source = p.stage("checkout").run(ctx -> {
                Files.writeString(ctx.workspace().resolve("README"), "hello");
                Revision revision =
                        new Revision("file:///shop.git", Optional.empty(), "ab".repeat(20), Instant.EPOCH, "Ada", "x");
                return new Checkout(revision, ctx.tree("."));
            });
            Stage<Integer> first = p.stage("first").needs(source).run((ctx, tree) -> {
                Files.writeString(ctx.workspace().resolve("README"), "changed");
                return 1;
            });
            p.stage("second").needs(source).after(first).run((ctx, tree) -> {
                assertThat(ctx.workspace().resolve("README")).hasContent("hello");
                return 2;
            });
        });

        assertThat(result.firstProblem()).isEqualTo("nothing");
    }

    @Test
    void aTreeIsPlacedWhereTheStageSays() throws Exception {
        RunResult result = run(p -> {
            Stage<Tree> site = p.stage("site").run(ctx -> {
                Files.createDirectories(ctx.workspace().resolve("out/a"));
                Files.writeString(ctx.workspace().resolve("out/a/index.html"), "<p>");
                return ctx.tree("out");
            });
            p.stage("check").needs(site).run((ctx, tree) -> {
                assertThat(ctx.place(tree, "copy").resolve("a/index.html")).hasContent("<p>");
                return 1;
            });
        });

        assertThat(result.firstProblem()).isEqualTo("nothing");
    }

    @Test
    void aGlobThatMatchesNothingOrTooMuchSaysSo() throws Exception {
        assertThat(sentence(ctx -> ctx.artifact("target/*.jar")))
                .isEqualTo("no file matches target/*.jar in the workspace");
        assertThat(sentence(ctx -> {
                    Files.writeString(ctx.workspace().resolve("b.jar"), "");
                    Files.writeString(ctx.workspace().resolve("a.jar"), "");
                    return ctx.artifact("*.jar");
                }))
                .isEqualTo("*.jar matches 2 files, one was asked for: [a.jar, b.jar]");
    }

    @Test
    void severalArtifactsComeSortedAndADoubleStarMatchesTheTopAsWell() throws Exception {
        AtomicReference<List<String>> names = new AtomicReference<>();

        run(p -> p.stage("build").run(ctx -> {
            Files.createDirectories(ctx.workspace().resolve("m/target"));
            Files.writeString(ctx.workspace().resolve("z.jar"), "z");
            Files.writeString(ctx.workspace().resolve("m/target/a.jar"), "a");
            names.set(ctx.artifacts("**/*.jar").stream().map(Artifact::name).toList());
            return 1;
        }));

        assertThat(names.get()).containsExactly("a.jar", "z.jar");
    }

    @Test
    void nothingLeadsOutOfTheWorkspace() throws Exception {
        Path outside = Files.createDirectories(top.resolve("outside"));
        Files.writeString(outside.resolve("passwd"), "root");

        assertThat(sentence(ctx -> ctx.artifact("../*"))).contains("leads out of the workspace");
        assertThat(sentence(ctx -> ctx.artifact(outside + "/passwd"))).contains("leads out of the workspace");
        assertThat(sentence(ctx -> ctx.tree("../../.."))).contains("leads out of the workspace");
        assertThat(sentence(ctx -> {
                    Files.createSymbolicLink(ctx.workspace().resolve("link"), outside);
                    return ctx.tree("link");
                }))
                .contains("leads out of the workspace");
        assertThat(sentence(ctx -> {
                    Files.createSymbolicLink(ctx.workspace().resolve("stolen"), outside.resolve("passwd"));
                    return ctx.artifact("stolen");
                }))
                .isEqualTo("no file matches stolen in the workspace");
        assertThat(sentence(ctx -> {
                    Files.writeString(ctx.workspace().resolve("x"), "x");
                    Files.createSymbolicLink(ctx.workspace().resolve("link"), outside);
                    return ctx.place(ctx.artifact("x"), "link/x");
                }))
                .contains("leads out of the workspace");
        assertThat(outside).isDirectoryNotContaining("glob:**/x");
    }

    @Test
    void workspacesAreGoneAfterTheRunAndLinksInThemAreNotFollowed() throws Exception {
        Path outside = Files.createDirectories(top.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "stays");

        RunResult result = run(p -> {
            p.stage("good").run(ctx -> Files.createSymbolicLink(ctx.workspace().resolve("link"), outside));
            p.stage("bad").run(ctx -> {
                Files.createSymbolicLink(ctx.workspace().resolve("link"), outside);
                throw new IllegalStateException("no");
            });
        });

        assertThat(top.resolve("home/runs").resolve(result.id()).resolve("work"))
                .doesNotExist();
        assertThat(outside.resolve("precious")).hasContent("stays");
    }

    @Test
    void theWorkspaceOfAStageThatPassedIsGoneBeforeTheRunEnds() throws Exception {
        AtomicReference<Path> first = new AtomicReference<>();

        RunResult result = run(p -> {
            Stage<String> a = p.stage("a").run(ctx -> {
                first.set(ctx.workspace());
                return "";
            });
            p.stage("b").needs(a).run((ctx, x) -> {
                assertThat(first.get()).doesNotExist();
                return 1;
            });
        });

        assertThat(result.firstProblem()).isEqualTo("nothing");
    }

    @Test
    void parallelStagesWithLikeNamesHaveWorkspacesAndLogsOfTheirOwn() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        AtomicReference<Path> one = new AtomicReference<>();
        AtomicReference<Path> other = new AtomicReference<>();

        run(p -> {
            p.stage("Unit tests").run(ctx -> meet(both, one, ctx));
            p.stage("unit-tests").run(ctx -> meet(both, other, ctx));
        });

        assertThat(one.get().getFileName()).hasToString("unit-tests");
        assertThat(other.get().getFileName()).hasToString("unit-tests-2");
    }

    @Test
    void commandsRunInTheWorkspaceWithTheDeclaredEnvironment() throws Exception {
        Bench bench = new Bench(PipelineRunner.in(top.resolve("home")).executor(LocalExecutor.local()));

        bench.run(p -> p.stage("build").env("COLOUR", "blue").run(ctx -> {
            Files.writeString(ctx.workspace().resolve("here"), "");
            return ctx.exec("sh", "-c", "ls; echo $COLOUR");
        }));

        assertThat(bench.heard.lines()).containsExactly("$ sh -c ls; echo $COLOUR", "here", "blue");
    }

    private static int meet(CountDownLatch both, AtomicReference<Path> mine, StageContext context)
            throws InterruptedException {
        mine.set(context.workspace());
        context.log("hello");
        both.countDown();
        both.await();
        return 1;
    }

    private String sentence(Code code) throws InterruptedException {
        return run(p -> p.stage("s").run(code::run)).outcomes().get("s").sentence();
    }

    private RunResult run(Consumer<Scope> body) throws InterruptedException {
        return new Bench(top.resolve("home")).run(body);
    }
}
