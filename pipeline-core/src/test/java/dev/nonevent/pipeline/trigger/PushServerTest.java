package dev.nonevent.pipeline.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.source.Git;
import dev.nonevent.pipeline.source.GitSource;
import dev.nonevent.pipeline.source.Revision;
import dev.nonevent.pipeline.work.Trigger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the real git command line on one side and a real pipeline run on the other. */
@Timeout(120)
class PushServerTest extends PushStand {

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

    @RepeatedTest(5) // the same pack three times at once: JGit alone loses this race about once in eight
    void threePushesToThreeBranchesRunBesideEachOther() throws Exception {
        open = new CountDownLatch(1);
        inside = new CountDownLatch(3);
        List<Process> pushes = new ArrayList<>();

        for (String branch : List.of("a", "b", "c")) {
            pushes.add(work.start("push", "origin", "HEAD:refs/heads/" + branch));
        }
        boolean together = inside.await(30, TimeUnit.SECONDS);
        open.countDown();

        for (Process push : pushes) {
            String text = new String(push.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(push.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(push.exitValue()).as(text).isZero();
        }
        assertThat(together).isTrue();
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
    void closingCancelsTheRunAndRefusesThePush() throws Exception {
        open = new CountDownLatch(1);
        CompletableFuture<Git.Answer> push = push(work);
        assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();

        server.close();

        assertThat(push.get(60, TimeUnit.SECONDS).exitCode()).isNotZero();
        assertThat(new Git(temp.resolve("shop.git"), temp).must("for-each-ref")).isEmpty();
    }
}
