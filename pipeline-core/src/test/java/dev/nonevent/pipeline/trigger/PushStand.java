package dev.nonevent.pipeline.trigger;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.source.Git;
import dev.nonevent.pipeline.source.GitSource;
import dev.nonevent.pipeline.source.Revision;
import dev.nonevent.pipeline.work.Trigger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server, a clone with one good commit, and a pipeline whose gate says what the file {@code verdict} says. */
abstract class PushStand {

    @TempDir
    Path temp;

    final ConcurrentLinkedQueue<Revision> seen = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Trigger> triggers = new ConcurrentLinkedQueue<>();
    volatile CountDownLatch open = new CountDownLatch(0);
    volatile CountDownLatch inside = new CountDownLatch(1);
    PushServer server;
    Git work;

    /** A file {@code verdict} in the pushed commit says what the gate says. */
    Pipeline shop(GitSource source) {
        return Pipeline.define("shop", p -> {
            var checkout = p.stage("checkout").run(source);
            p.gate("unit tests").needs(checkout).check((ctx, tree) -> {
                seen.add(tree.revision());
                triggers.add(ctx.trigger());
                inside.countDown();
                open.await();
                String says =
                        Files.readString(tree.tree().path().resolve("verdict")).strip();
                return says.equals("good")
                        ? Verdict.pass("7 tests")
                        : Verdict.block("1 of 7 tests failed", List.of("shop.CartTest.adds: expected 2 but was 3"));
            });
        });
    }

    PushServer serve(Pipeline pipeline) {
        PipelineRunner runner = PipelineRunner.in(temp.resolve("home")).artifacts(new Kept());
        return PushServer.serving(temp.resolve("shop.git"))
                .runs(Plan.of(pipeline), runner)
                .start();
    }

    @BeforeEach
    void aServerAndAClone() throws IOException {
        server = serve(shop(GitSource.git(temp.resolve("shop.git")).branch("main")));
        work = Git.init(temp.resolve("work"), temp);
        work.must("remote", "add", "origin", server.address().toString());
        work.file("verdict", "good").commit("First");
    }

    @AfterEach
    void closed() {
        open.countDown();
        server.close();
    }

    String onServer(String ref) throws IOException {
        return work.must("ls-remote", server.address().toString(), ref).split("\\s")[0];
    }

    String head() throws IOException {
        return work.must("rev-parse", "HEAD");
    }

    CompletableFuture<Git.Answer> push(Git from) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return from.run("push", server.address().toString(), "main");
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        });
    }

    /** Trees stay where their stage wrote them: good for one run. */
    final class Kept implements ArtifactStore {

        @Override
        public Tree keepTree(Path directory) {
            try {
                Path kept = Files.createTempDirectory(temp, "tree").resolve("tree");
                Files.move(directory, kept);
                return new Tree(kept, "0".repeat(64), 1);
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        }

        @Override
        public void copy(Tree tree, Path directory) {}

        @Override
        public Artifact keep(Path file) {
            throw new AssertionError();
        }

        @Override
        public Optional<Artifact> find(String sha256) {
            return Optional.empty();
        }

        @Override
        public void copy(Artifact artifact, Path file) {
            throw new AssertionError();
        }
    }
}
