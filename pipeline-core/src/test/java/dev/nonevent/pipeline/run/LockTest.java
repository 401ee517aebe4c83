package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Lock;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LockTest {

    @TempDir
    Path home;

    private final CountDownLatch through = new CountDownLatch(1);
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    /** One run, and what is heard of it. */
    private final class Started {

        final Bench bench = new Bench(home);
        final Run run;

        Started(Consumer<Scope> body) {
            run = bench.start(body);
        }

        Started whenInside() {
            return when(RunEvent.StageStarted.class);
        }

        Started whenWaiting() {
            return when(RunEvent.LockAwaited.class);
        }

        String holder() {
            return bench.heard.all(RunEvent.LockAwaited.class).get(0).holder();
        }

        RunResult end() throws InterruptedException {
            return run.await();
        }

        private Started when(Class<? extends RunEvent> event) {
            while (bench.heard.all(event).isEmpty()) {
                assertThat(run.isDone()).isFalse();
                Thread.onSpinWait();
            }
            return this;
        }
    }

    /** Has the lock until it may go through. */
    private Consumer<Scope> stage(String name, Lock.Policy policy) {
        return p -> p.stage(name).lock(p.lock("production", policy)).run(ctx -> {
            order.add(name);
            through.await();
            return 1;
        });
    }

    private Consumer<Scope> deploy(String name, Lock.Policy policy) {
        return p -> {
            Stage<String> jar = p.stage("jar").run(ctx -> "jar");
            p.stage(name)
                    .needs(jar)
                    .withoutGates("a test")
                    .lock(p.lock("production", policy))
                    .deploy(FakeStrategy.of("shop", String.class).thatAnswers(release -> {
                        order.add(name);
                        try {
                            through.await();
                        } catch (InterruptedException stopped) {
                            throw new IllegalStateException("somebody stopped a deploy", stopped);
                        }
                        return "live";
                    }));
        };
    }

    private void awaitInside(String name) {
        while (!order.contains(name)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theSecondRunWaitsForTheFirstAndSaysForWhom() throws Exception {
        Started first = new Started(stage("first", Lock.Policy.QUEUE)).whenInside();
        Started second = new Started(stage("second", Lock.Policy.QUEUE)).whenWaiting();
        assertThat(order).containsExactly("first");
        assertThat(second.holder()).isEqualTo("run " + first.run.id() + ", stage first");

        through.countDown();

        assertThat(first.end().outcome().hasPassed()).isTrue();
        assertThat(second.end().outcome().hasPassed()).isTrue();
        assertThat(order).containsExactly("first", "second");
    }

    @Test
    void whoCameFirstIsFirst() throws Exception {
        List<Started> all = new ArrayList<>();
        all.add(new Started(stage("0", Lock.Policy.QUEUE)).whenInside());
        for (int i = 1; i < 5; i++) {
            all.add(new Started(stage(String.valueOf(i), Lock.Policy.QUEUE)).whenWaiting());
        }

        through.countDown();
        for (Started each : all) {
            each.end();
        }

        assertThat(order).containsExactly("0", "1", "2", "3", "4");
    }

    @Test
    void whoDoesNotWaitIsBlockedAtOnceAndNamesTheHolder() throws Exception {
        Started first = new Started(stage("first", Lock.Policy.FAIL)).whenInside();

        RunResult second = new Started(stage("second", Lock.Policy.FAIL)).end();

        assertThat(second.outcomes().get("second"))
                .isEqualTo(new Outcome.Blocked(Failure.of("the lock production is held by run " + first.run.id()
                        + ", stage first; run it again when that is over")));
        through.countDown();
        assertThat(first.end().outcome().hasPassed()).isTrue();
        assertThat(new Started(stage("third", Lock.Policy.FAIL)).end().outcome().hasPassed())
                .isTrue();
    }

    @Test
    void aNewerRunHasTheOlderOneCancelledAndBothSaySo() throws Exception {
        Started older = new Started(stage("older", Lock.Policy.CANCEL_OLDER)).whenInside();
        Started newer = new Started(stage("newer", Lock.Policy.CANCEL_OLDER)).whenWaiting();

        RunResult cancelled = older.end();
        through.countDown();

        assertThat(cancelled.outcome())
                .isEqualTo(new Outcome.Aborted("superseded by run " + newer.run.id() + ", stage newer"));
        assertThat(newer.holder()).isEqualTo("run " + older.run.id() + ", stage older, which is asked to give way");
        assertThat(newer.end().outcome().hasPassed()).isTrue();
    }

    @Test
    void aDeployUnderWayIsWaitedForWhileWhoWaitsBehindItGivesWay() throws Exception {
        Started deploying = new Started(deploy("deploy", Lock.Policy.CANCEL_OLDER));
        awaitInside("deploy");
        Started between = new Started(stage("between", Lock.Policy.CANCEL_OLDER)).whenWaiting();
        Started newest = new Started(stage("newest", Lock.Policy.CANCEL_OLDER)).whenWaiting();

        RunResult superseded = between.end();
        assertThat(superseded.outcome())
                .isEqualTo(new Outcome.Aborted("superseded by run " + newest.run.id() + ", stage newest"));
        assertThat(newest.holder())
                .isEqualTo("run " + deploying.run.id() + ", stage deploy, which deploys and is not cancelled");
        through.countDown();

        assertThat(deploying.end().outcome().hasPassed()).isTrue();
        assertThat(newest.end().outcome().hasPassed()).isTrue();
        assertThat(order).containsExactly("deploy", "newest");
    }

    @Test
    void stagesOfOneRunWaitForEachOtherWhateverThePolicy() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        for (Lock.Policy policy : Lock.Policy.values()) {
            RunResult result = new Bench(home).run(p -> {
                Lock database = p.lock("database", policy);
                for (int i = 0; i < 3; i++) {
                    p.stage("s" + i).lock(database).run(ctx -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        return inside.decrementAndGet();
                    });
                }
            });

            assertThat(result.firstProblem()).isEqualTo("nothing");
        }

        assertThat(most).hasValue(1);
    }

    @Test
    void locksNamedInAnyOrderNeverWaitInACircle() throws Exception {
        Consumer<Scope> body = p -> {
            Lock a = p.lock("a");
            Lock b = p.lock("b");
            p.stage("ab").lock(a).lock(b).run(ctx -> order.add("ab"));
            p.stage("ba").lock(b).lock(a).run(ctx -> order.add("ba"));
        };
        List<Started> runs = List.of(new Started(body), new Started(body), new Started(body));

        for (Started each : runs) {
            assertThat(each.end().outcome().hasPassed()).isTrue();
        }

        assertThat(order).hasSize(6);
    }

    @Test
    void whoIsCancelledWhileItWaitsLeavesTheQueue() throws Exception {
        Started first = new Started(stage("first", Lock.Policy.QUEUE)).whenInside();
        Started second = new Started(stage("second", Lock.Policy.QUEUE)).whenWaiting();
        Started third = new Started(stage("third", Lock.Policy.QUEUE)).whenWaiting();

        second.run.cancel("enough");
        assertThat(second.end().outcomes().get("second")).isEqualTo(new Outcome.Skipped("the run was stopped: enough"));
        through.countDown();

        first.end();
        assertThat(third.end().outcome().hasPassed()).isTrue();
        assertThat(order).containsExactly("first", "third");
    }

    @Test
    void aStageThatFailsFreesItsLockAndOneThatIsTriedAgainKeepsIt() throws Exception {
        RunResult failed = new Started(p -> p.stage("shaky")
                        .lock(p.lock("production"))
                        .retry(1)
                        .run(ctx -> {
                            order.add("shaky " + places());
                            throw new IllegalStateException("no");
                        }))
                .end();

        assertThat(failed.outcome()).isInstanceOf(Outcome.Failed.class);
        assertThat(order).containsExactly("shaky [000000000001.place]", "shaky [000000000001.place]");
        assertThat(places()).isEmpty();
    }

    @Test
    void aPlaceThatIsLeftByADeadProcessIsNobodys() throws Exception {
        Path queue = Files.createDirectories(home.resolve("locks/production"));
        Files.writeString(queue.resolve("000000000007.place"), "");
        Files.write(queue.resolve("000000000007.place.json"), new LockTicket("gone", "x", true, 1, "never", "").json());
        through.countDown();

        assertThat(new Started(stage("next", Lock.Policy.FAIL)).end().outcome().hasPassed())
                .isTrue();

        assertThat(places()).isEmpty();
    }

    private List<String> places() throws IOException {
        try (var all = Files.list(home.resolve("locks/production"))) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".place"))
                    .toList();
        }
    }
}
