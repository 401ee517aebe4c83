package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.secret.Masking;
import dev.nonevent.pipeline.source.Checkout;
import dev.nonevent.pipeline.source.Revision;
import dev.nonevent.pipeline.work.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class EventsTest {

    @TempDir
    Path home;

    @Test
    void aRunIsToldFromItsFirstEventToItsLast() throws Exception {
        Bench bench = new Bench(home);

        RunResult result = bench.run(p -> {
            Stage<Object> a = p.stage("a").run(ctx -> ctx.exec("say", "hello"));
            p.stage("b").needs(a).run((ctx, x) -> 1);
        });

        assertThat(bench.heard.events())
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly(
                        "RunStarted",
                        "StageStarted",
                        "StageOutput",
                        "StageOutput",
                        "StageEnded",
                        "StageStarted",
                        "StageEnded",
                        "RunEnded");
        assertThat(bench.heard.events()).allMatch(event -> event.run().value().equals(result.id()));
        assertThat(bench.heard.all(RunEvent.RunStarted.class).get(0).stages())
                .containsExactly(java.util.Map.entry("a", List.of()), java.util.Map.entry("b", List.of("a")));
        assertThat(bench.heard.lines()).containsExactly("$ say hello", "hello");
        assertThat(Files.readString(bench.heard.end("a").log().orElseThrow())).isEqualTo("$ say hello\nhello\n");
    }

    @Test
    void theFirstEventNamesTheCommitTheTriggerAskedFor() throws Exception {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        Bench bench = new Bench(home);

        bench.run(
                RunRequest.of(new Trigger("push", Optional.empty(), Optional.of("main"), Optional.of(commit), "ada")),
                p -> p.stage("a").run(ctx -> 1));
        bench.run(p -> p.stage("a").run(ctx -> 1));

        assertThat(bench.heard.all(RunEvent.RunStarted.class))
                .extracting(RunEvent.RunStarted::commit)
                .containsExactly(Optional.of(commit), Optional.empty());
    }

    @Test
    void aStageThatChecksOutTellsTheCommitBeforeItEnds() throws Exception {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        Revision revision = new Revision("shop.git", Optional.of("main"), commit, Instant.EPOCH, "ada", "First");
        Bench bench = new Bench(home);

        bench.run(p -> p.stage("checkout").run(ctx -> new Checkout(revision, ctx.tree("."))));

        assertThat(bench.heard.events())
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("RunStarted", "StageStarted", "CommitCheckedOut", "StageEnded", "RunEnded");
        assertThat(bench.heard.all(RunEvent.CommitCheckedOut.class))
                .extracting(
                        RunEvent.CommitCheckedOut::stage,
                        RunEvent.CommitCheckedOut::repository,
                        RunEvent.CommitCheckedOut::commit)
                .containsExactly(tuple("checkout", "shop.git", commit));
    }

    @Test
    void listenersAreCalledOneThreadAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Bench bench = new Bench(new Bench(home).runner().maxParallel(8).listener(event -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.yield();
            inside.decrementAndGet();
        }));

        bench.run(p -> IntStream.range(0, 50).forEach(i -> p.stage("s" + i).run(ctx -> ctx.exec("say", "x"))));

        assertThat(most).hasValue(1);
    }

    @Test
    void aListenerThatThrowsDisturbsNeitherTheRunNorTheOthers() throws Exception {
        Bench bench = new Bench(new Bench(home).runner().listener(event -> {
            throw new AssertionError("broken listener");
        }));

        RunResult result = bench.run(p -> p.stage("a").run(ctx -> 1));

        assertThat(result.outcome().hasPassed()).isTrue();
        assertThat(bench.heard.events()).hasSize(4);
    }

    @Test
    void theLastEventIsDeliveredBeforeAwaitReturns() throws Exception {
        for (int i = 0; i < 200; i++) {
            Bench bench = new Bench(home);
            bench.start(p -> p.stage("a").run(ctx -> 1)).await();

            assertThat(bench.heard.all(RunEvent.RunEnded.class)).hasSize(1);
        }
    }

    @Test
    void anEventThatAListenerCausesComesAfterTheOneItHears() {
        List<String> heard = new ArrayList<>();
        EventBus[] bus = new EventBus[1];
        bus[0] = new EventBus(
                List.of(
                        event -> {
                            heard.add("first " + ((RunEvent.RunNote) event).line());
                            if (((RunEvent.RunNote) event).line().equals("a")) {
                                bus[0].publish(note("b"));
                            }
                        },
                        event -> heard.add("second " + ((RunEvent.RunNote) event).line())),
                new Redaction(Masking.none()),
                entry -> 0);

        bus[0].publish(note("a"));

        assertThat(heard).containsExactly("first a", "second a", "first b", "second b");
    }

    @Test
    void manyRunsAtOnceUnderOneHomeKeepApart() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            runs.add(new Bench(home)
                    .start(p -> p.stage("a").run(ctx -> {
                        go.await();
                        return ctx.workspace().toString();
                    })));
        }
        go.countDown();

        Set<RunId> ids = new HashSet<>();
        for (Run run : runs) {
            assertThat(run.await().outcome().hasPassed()).isTrue();
            ids.add(run.id());
        }

        assertThat(ids).hasSize(20);
        assertThat(Files.readAllLines(home.resolve("history/shop.jsonl"))).hasSize(20);
    }

    @Test
    void runIdsSortByTime() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(new Bench(home).run(p -> p.stage("a").run(ctx -> 1)).id());
        }

        assertThat(ids).isSorted().doesNotHaveDuplicates().allMatch(id -> id.matches("\\d{6}-\\d{6}-\\d{3}"));
    }

    @Test
    void whatARunKeepsIsForItsOwnerOnly() throws Exception {
        Path fresh = home.resolve("deep/home");

        RunResult result = new Bench(fresh).run(p -> p.stage("a").run(ctx -> 1));

        for (Path directory :
                List.of(fresh, fresh.resolve("runs"), fresh.resolve("runs").resolve(result.id()))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .isEqualTo("rwx------");
        }
    }

    private static RunEvent note(String line) {
        return new RunEvent.RunNote(new RunId("x"), Instant.EPOCH, line);
    }
}
