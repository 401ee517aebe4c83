package dev.nonevent.pipeline.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.source.Git;
import dev.nonevent.pipeline.source.GitSource;
import dev.nonevent.pipeline.source.Revision;
import dev.nonevent.pipeline.work.Trigger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the real git command line on one side and a real pipeline run on the other. */
@Timeout(120)
class PushServerTest {

    @TempDir
    Path temp;

    private final ConcurrentLinkedQueue<Revision> seen = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Trigger> triggers = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch open = new CountDownLatch(0);
    private volatile CountDownLatch inside = new CountDownLatch(1);
    private PushServer server;
    private Git work;

    /** A file {@code verdict} in the pushed commit says what the gate says. */
    private Pipeline shop(GitSource source) {
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

    private PushServer serve(Pipeline pipeline) {
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

    private String onServer(String ref) throws IOException {
        return work.must("ls-remote", server.address().toString(), ref).split("\\s")[0];
    }

    private String head() throws IOException {
        return work.must("rev-parse", "HEAD");
    }

    @Test
    void goodPushRunsThePipelineAboutThatCommitAndMovesTheBranch() throws IOException {
        Git.Answer answer = work.run("push", "origin", "main");

        assertThat(answer.exitCode()).as(answer.text()).isZero();
        assertThat(answer.text()).contains("remote: ").contains("unit tests");
        assertThat(onServer("refs/heads/main")).isEqualTo(head());
        assertThat(seen).extracting(Revision::commit).containsExactly(head());
        assertThat(triggers)
                .containsExactly(new Trigger(
                        "push", Optional.of(server.repository()), Optional.of("main"), Optional.of(head()), "Ada"));
    }

    @Test
    void badPushIsRefusedInTheGatesWordsAndTheBranchStays() throws IOException {
        work.must("push", "-q", "origin", "main");
        String good = head();
        work.file("verdict", "bad").commit("Second");

        Git.Answer answer = work.run("push", "origin", "main");

        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.text())
                .contains("! [remote rejected] main -> main (unit tests blocked: 1 of 7 tests failed)")
                .contains("shop.CartTest.adds: expected 2 but was 3");
        assertThat(onServer("refs/heads/main")).isEqualTo(good);
        assertThat(work.file("verdict", "good").commit("Third")).isNotEmpty();
        assertThat(work.run("push", "origin", "main").exitCode()).isZero();
    }

    @Test
    void progressIsOnThePushersScreenWhileTheRunGoesOn() throws Exception {
        open = new CountDownLatch(1);
        Process push = work.start("push", "--progress", "origin", "main");

        try (BufferedReader screen =
                new BufferedReader(new InputStreamReader(push.getInputStream(), StandardCharsets.UTF_8))) {
            String line = screen.readLine();
            while (line != null && !line.contains("checkout")) {
                line = screen.readLine();
            }
            assertThat(line).startsWith("remote: ");
            assertThat(push.isAlive()).isTrue();
            open.countDown();
            screen.lines().forEach(rest -> {});
        }
        assertThat(push.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(push.exitValue()).isZero();
    }

    @Test
    void cloneFetchAndDepthOneWorkInBothProtocols() throws IOException {
        work.must("push", "-q", "origin", "main");
        work.file("verdict", "good\n").commit("Second");
        work.must("push", "-q", "origin", "main");
        Git here = new Git(temp, temp);

        here.must("clone", "-q", server.address().toString(), "full");
        here.must("-c", "protocol.version=0", "clone", "-q", server.address().toString(), "old");
        here.must("clone", "-q", "--depth", "1", server.address().toString(), "shallow");

        assertThat(new Git(temp.resolve("full"), temp).must("rev-list", "--count", "main"))
                .isEqualTo("2");
        assertThat(new Git(temp.resolve("old"), temp).must("rev-list", "--count", "main"))
                .isEqualTo("2");
        assertThat(new Git(temp.resolve("shallow"), temp).must("rev-list", "--count", "main"))
                .isEqualTo("1");
        work.file("more", "x").commit("Third");
        work.must("push", "-q", "origin", "main");
        new Git(temp.resolve("shallow"), temp).must("pull", "-q");
        assertThat(temp.resolve("shallow/more")).hasContent("x");
    }

    @Test
    void largePushIsTaken() throws IOException {
        byte[] noise = new byte[20_000_000];
        new Random(1).nextBytes(noise);
        Files.write(work.directory().resolve("noise"), noise);
        work.commit("Second");

        Git.Answer answer = work.run("push", "origin", "main");

        assertThat(answer.exitCode()).as(answer.text()).isZero();
        assertThat(onServer("refs/heads/main")).isEqualTo(head());
    }

    @Test
    void threePushesToThreeBranchesRunBesideEachOther() throws Exception {
        List<CompletableFuture<Git.Answer>> pushes = new ArrayList<>();
        open = new CountDownLatch(1);
        inside = new CountDownLatch(3);

        for (String branch : List.of("a", "b", "c")) {
            pushes.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return work.run("push", "origin", "HEAD:refs/heads/" + branch);
                } catch (IOException problem) {
                    throw new UncheckedIOException(problem);
                }
            }));
        }
        assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
        open.countDown();

        for (CompletableFuture<Git.Answer> push : pushes) {
            Git.Answer answer = push.get(60, TimeUnit.SECONDS);
            assertThat(answer.exitCode()).as(answer.text()).isZero();
        }
        assertThat(seen).hasSize(3);
    }

    @Test
    void secondPushToABranchWaitsAndIsRefusedIfTheBranchMoved() throws Exception {
        open = new CountDownLatch(1);
        Git other = Git.init(temp.resolve("other"), temp);
        other.file("verdict", "good").file("x", "x").commit("Other");
        CompletableFuture<Git.Answer> first = push(work);
        assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Git.Answer> second = push(other);

        open.countDown();

        assertThat(first.get(60, TimeUnit.SECONDS).exitCode()).isZero();
        Git.Answer late = second.get(60, TimeUnit.SECONDS);
        assertThat(late.exitCode()).as(late.text()).isEqualTo(1);
        assertThat(onServer("refs/heads/main")).isEqualTo(head());
        assertThat(seen).hasSize(1);
    }

    private CompletableFuture<Git.Answer> push(Git from) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return from.run("push", server.address().toString(), "main");
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        });
    }

    @Test
    void pusherWhoHangsUpDoesNotStopTheRunAndItsResultDecides() throws Exception {
        open = new CountDownLatch(1);
        Process push = work.start("push", "origin", "main");
        assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();

        List<ProcessHandle> helpers = push.descendants().toList();
        push.destroyForcibly().waitFor();
        helpers.forEach(ProcessHandle::destroyForcibly);
        open.countDown();

        String expected = head();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!onServer("refs/heads/main").equals(expected) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(onServer("refs/heads/main")).isEqualTo(expected);
        work.file("verdict", "good\n").commit("Second");
        assertThat(work.run("push", "origin", "main").exitCode()).isZero();
    }

    @Test
    void branchesAreNeitherDeletedNorRewritten() throws IOException {
        work.must("push", "-q", "origin", "main");
        String before = head();
        work.must("commit", "-q", "--amend", "-m", "Rewritten");

        Git.Answer deleted = work.run("push", "origin", "--delete", "main");
        Git.Answer rewritten = work.run("push", "--force", "origin", "main");

        assertThat(deleted.exitCode()).isEqualTo(1);
        assertThat(deleted.text()).contains("(branches are not deleted by a push)");
        assertThat(rewritten.exitCode()).isEqualTo(1);
        assertThat(rewritten.text()).contains("(history is not rewritten: pull and push again)");
        assertThat(onServer("refs/heads/main")).isEqualTo(before);
        assertThat(seen).hasSize(1);
    }

    @Test
    void newTagsAreTakenWithoutARunAndOldOnesStay() throws IOException {
        work.must("push", "-q", "origin", "main");
        work.must("tag", "v1");

        Git.Answer fresh = work.run("push", "origin", "v1");
        work.file("verdict", "good\n").commit("Second");
        work.must("tag", "-f", "v1");
        Git.Answer moved = work.run("push", "--force", "origin", "v1");

        assertThat(fresh.exitCode()).as(fresh.text()).isZero();
        assertThat(fresh.text()).contains("tag v1: accepted without a run");
        assertThat(moved.exitCode()).isEqualTo(1);
        assertThat(seen).hasSize(1);
    }

    @Test
    void severalBranchesInOnePushAreDecidedEachForItself() throws IOException {
        work.must("branch", "good");
        work.must("checkout", "-q", "-b", "bad");
        work.file("verdict", "bad").commit("Second");

        Git.Answer answer = work.run("push", "origin", "good", "bad");

        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.text()).contains("[remote rejected] bad -> bad").contains("[new branch]");
        assertThat(onServer("refs/heads/good")).isEqualTo(work.must("rev-parse", "good"));
        assertThat(onServer("refs/heads/bad")).isEmpty();
    }

    @Test
    void atomicPushOfSeveralBranchesIsRefusedBeforeAnyRun() throws IOException {
        work.must("branch", "other");

        Git.Answer answer = work.run("push", "--atomic", "origin", "main", "other");

        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.text()).contains("push without --atomic");
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refs/heads/`id`",
                "refs/heads/$(id)",
                "refs/heads/-x",
                "refs/heads/a;b",
                "refs/notes/x",
                "refs/heads/a\u202eb"
            })
    void hostileRefNamesAreRefused(String ref) throws IOException {
        Git.Answer answer = work.run("push", "origin", "HEAD:" + ref);

        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.text()).contains("[remote rejected]");
        assertThat(seen).isEmpty();
    }

    @Test
    void pushOfNothingStartsNothing() throws IOException {
        work.must("push", "-q", "origin", "main");

        Git.Answer answer = work.run("push", "origin", "main");

        assertThat(answer.exitCode()).isZero();
        assertThat(answer.text()).contains("Everything up-to-date");
        assertThat(seen).hasSize(1);
    }

    @Test
    void pipelineAboutOtherCodeLetsNothingPass() throws IOException {
        server.close();
        Git.init(temp.resolve("elsewhere"), temp).file("verdict", "good").commit("Elsewhere");
        server = serve(shop(GitSource.git(temp.resolve("elsewhere"))));

        Git.Answer answer = work.run("push", server.address().toString(), "main");

        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.text()).contains("the pipeline passed without a checkout of this commit");
        assertThat(onServer("refs/heads/main")).isEmpty();
    }

    @Test
    void pushThatIsTooLargeIsRefused() throws IOException {
        server.close();
        server = PushServer.serving(temp.resolve("shop.git"))
                .mostPackBytes(100_000)
                .runs(
                        Plan.of(shop(GitSource.git(temp.resolve("shop.git")))),
                        PipelineRunner.in(temp.resolve("home")).artifacts(new Kept()))
                .start();
        byte[] noise = new byte[3_000_000];
        new Random(1).nextBytes(noise);
        Files.write(work.directory().resolve("noise"), noise);
        work.commit("Second");

        Git.Answer answer = work.run("push", server.address().toString(), "main");

        assertThat(answer.exitCode()).isNotZero();
        assertThat(onServer("refs/heads/main")).isEmpty();
        assertThat(seen).isEmpty();
    }

    @Test
    void closingCancelsTheRunAndRefusesThePush() throws Exception {
        open = new CountDownLatch(1);
        CompletableFuture<Git.Answer> push = push(work);
        assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();

        server.close();

        assertThat(push.get(60, TimeUnit.SECONDS).exitCode()).isNotZero();
        assertThat(new Git(temp.resolve("shop.git"), temp).must("for-each-ref")).isEmpty();
    }

    @Test
    void sourceOverHttpFetchesFromThisServer() throws IOException {
        work.must("push", "-q", "origin", "main");
        URI address = server.address();
        ConcurrentLinkedQueue<String> commits = new ConcurrentLinkedQueue<>();
        Pipeline reader = Pipeline.define("reader", p -> {
            var checkout = p.stage("checkout").run(GitSource.git(address).branch("main"));
            p.stage("read")
                    .needs(checkout)
                    .run((ctx, tree) -> commits.add(tree.revision().commit()));
        });
        PipelineRunner runner = PipelineRunner.in(temp.resolve("home")).artifacts(new Kept());

        runTwice(runner, reader);

        assertThat(commits).containsExactly(head(), head());
    }

    private static void runTwice(PipelineRunner runner, Pipeline pipeline) {
        for (int round = 0; round < 2; round++) {
            try {
                assertThat(runner.run(Plan.of(pipeline), dev.nonevent.pipeline.run.RunRequest.of(Trigger.manual()))
                                .firstProblem())
                        .isEqualTo("nothing");
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /shop.git/../shop.git/info/refs?service=git-upload-pack",
                "GET /shop.git/%2e%2e/etc/passwd",
                "GET /other.git/info/refs?service=git-upload-pack",
                "GET /shop.git/HEAD",
                "GET /",
                "DELETE /shop.git/info/refs"
            })
    void nothingButThisRepositoryIsServed(String request) throws IOException {
        assertThat(raw(request, "127.0.0.1")).startsWith("HTTP/1.1 404");
    }

    @Test
    void requestForAnotherHostIsRefused() throws IOException {
        assertThat(raw("GET /shop.git/info/refs?service=git-upload-pack", "evil.example"))
                .startsWith("HTTP/1.1 421");
        assertThat(raw("GET /shop.git/info/refs?service=git-upload-pack", "localhost:80"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void formOfAWebPageIsNoPush() throws IOException {
        assertThat(raw("POST /shop.git/git-receive-pack", "127.0.0.1")).startsWith("HTTP/1.1 415");
    }

    private String raw(String request, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write((request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void portInUseIsOneSentence() {
        assertThatThrownBy(() -> PushServer.serving(temp.resolve("second.git"))
                        .port(server.address().getPort())
                        .runs(
                                Plan.of(shop(GitSource.git(temp.resolve("second.git")))),
                                PipelineRunner.in(temp.resolve("home")))
                        .start())
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("port " + server.address().getPort());
    }

    @Test
    void directoryThatIsSomethingElseIsNotTouched() throws IOException {
        Path plain = Files.createDirectories(temp.resolve("plain"));
        Files.writeString(plain.resolve("file"), "mine");

        assertThatThrownBy(() -> PushServer.serving(plain)
                        .runs(Plan.of(shop(GitSource.git(plain))), PipelineRunner.in(temp.resolve("home")))
                        .start())
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("neither empty nor a bare git repository");
        try (Stream<Path> files = Files.list(plain)) {
            assertThat(files.map(Path::getFileName).map(Path::toString).collect(Collectors.toList()))
                    .containsExactly("file");
        }
    }

    /** Trees stay where their stage wrote them: good for one run. */
    private final class Kept implements ArtifactStore {

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
