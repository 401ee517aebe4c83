package dev.nonevent.pipeline.bluegreen.router.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SwitchboardTest {

    private static final Target BLUE = target(Colour.BLUE, "shop-1");
    private static final Target GREEN = target(Colour.GREEN, "shop-2");
    private static final Target RED = target(Colour.BLUE, "shop-3");
    private static final Admission HELD = new Admission.Held(Duration.ofSeconds(20), 2);

    private final List<Side> closed = new ArrayList<>();
    private final Switchboard board = board();

    // --- sides

    @Test
    void targetThatStaysKeepsItsSide() {
        board.switchTo(Routing.to(BLUE), 1);
        Side before = sideOf(new Visitor());

        board.switchTo(Routing.to(BLUE).canary(Canary.of(GREEN, 0)).standby(RED), 1);
        Side with = sideOf(new Visitor());
        board.switchTo(Routing.to(BLUE), 1);

        assertThat(with).isEqualTo(before);
        assertThat(sideOf(new Visitor())).isEqualTo(before);
        assertThat(before.gate().closed()).isFalse();
        assertThat(closed).extracting(Side::target).containsExactlyInAnyOrder(GREEN, RED);
        assertThat(closed).allMatch(side -> side.gate().closed());
    }

    @Test
    void targetThatChangesItsRoleKeepsItsSide() {
        board.switchTo(Routing.to(BLUE).canary(Canary.of(GREEN, 100)), 1);
        Side canary = sideOf(new Visitor());

        board.switchTo(Routing.to(GREEN).standby(BLUE), 1);

        assertThat(sideOf(new Visitor())).isEqualTo(canary);
        assertThat(closed).isEmpty();
    }

    @Test
    void targetThatComesBackIsAnotherSide() {
        board.switchTo(Routing.to(BLUE), 1);
        Side before = sideOf(new Visitor());
        board.switchTo(Routing.to(GREEN), 1);

        board.switchTo(Routing.to(BLUE), 1);

        assertThat(sideOf(new Visitor()).gate()).isNotSameAs(before.gate());
        assertThat(before.gate().closed()).isTrue();
    }

    @Test
    void deploymentThatGetsRequestsInAnyRoleCannotBeDrained() throws Exception {
        board.switchTo(
                Routing.to(BLUE).canary(Canary.of(GREEN, 5)).standby(RED).preview(target(Colour.GREEN, "shop-4")), 1);

        for (String deployment : List.of("shop-1", "shop-2", "shop-3", "shop-4")) {
            assertThatThrownBy(() -> board.drain(deployment, Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(deployment)
                    .hasMessageContaining("switch to a routing without it");
        }
        board.switchTo(Routing.to(BLUE), 1);
        assertThat(board.drain("shop-3", Duration.ZERO).cut()).isZero();
    }

    @Test
    void formerCanaryIsDrainedOfWhatItStillHas() throws Exception {
        board.switchTo(Routing.to(BLUE).canary(Canary.of(GREEN, 100)), 1);
        Visitor inFlight = new Visitor();
        sideOf(inFlight);
        board.switchTo(Routing.to(BLUE), 1);

        Drained drained = board.drain("shop-2", Duration.ofMillis(10));

        assertThat(drained.cut()).isEqualTo(1);
        assertThat(inFlight.wasCut).isTrue();
    }

    @Test
    void standbyTakesTheRequestOfAnotherSideAndNeverItsOwn() {
        board.switchTo(Routing.to(GREEN).standby(BLUE), 1);
        Visitor visitor = new Visitor();
        Side failed = sideOf(visitor);

        Optional<Side> standby = board.claimStandby(failed, visitor);

        assertThat(standby).map(Side::target).contains(BLUE);
        assertThat(board.claimStandby(standby.orElseThrow(), visitor)).isEmpty();
    }

    @Test
    void previewIsNeverAnsweredByTheStandbyAndIsNotCounted() {
        board.switchTo(Routing.to(BLUE).standby(RED).preview(GREEN), 1);
        Visitor visitor = new Visitor();

        Side preview = ((Choice.Go) board.preview().claim(visitor)).side();
        preview.leave(visitor, new Ended(Ended.How.ANSWERED, 200, 1), TimeSource.system());

        assertThat(preview.target()).isEqualTo(GREEN);
        assertThat(board.preview().claimStandby(preview, visitor)).isEmpty();
        assertThat(board.counts()).extracting(Counts::deployment).doesNotContain("shop-2");
    }

    @Test
    void withoutAPreviewTheVisitorIsToldSo() {
        board.switchTo(Routing.to(BLUE), 1);

        assertThat(board.preview().claim(new Visitor())).isInstanceOf(Choice.Nowhere.class);
    }

    // --- admission

    @Test
    void heldRequestsHaveSoManyPlacesAndAreToldToClaimAgainInTheirOrder() {
        board.switchTo(Routing.to(BLUE).admission(HELD), 1);
        List<Visitor> told = new ArrayList<>();
        Visitor first = new Visitor(told::add);
        Visitor second = new Visitor(told::add);

        assertThat(board.claim(first)).isInstanceOf(Choice.Wait.class);
        assertThat(board.claim(second)).isInstanceOf(Choice.Wait.class);
        assertThat(board.claim(new Visitor())).isInstanceOf(Choice.Full.class);
        board.switchTo(Routing.to(GREEN), 1);

        assertThat(told).containsExactly(first, second);
        assertThat(sideOf(first).target()).isEqualTo(GREEN);
    }

    @Test
    void placeOfWhoLeavesIsFree() {
        board.switchTo(Routing.to(BLUE).admission(HELD), 1);
        Visitor first = new Visitor();
        Choice.Wait wait = (Choice.Wait) board.claim(first);
        board.claim(new Visitor());

        assertThat(wait.room().leave(first)).isTrue();

        assertThat(board.claim(new Visitor())).isInstanceOf(Choice.Wait.class);
        assertThat(wait.room().leave(first)).isFalse();
    }

    @Test
    void whoWaitsGoesOnWaitingIfOnlyTheTargetChanges() {
        board.switchTo(Routing.to(BLUE).admission(HELD), 1);
        Visitor visitor = new Visitor();
        board.claim(visitor);

        board.switchTo(Routing.to(GREEN).admission(HELD), 1);
        board.raiseFence(5);

        assertThat(visitor.told).hasValue(0);
        board.switchTo(Routing.to(GREEN), 5);
        assertThat(visitor.told).hasValue(1);
    }

    @Test
    void stoppedTrafficTellsWhyAndKeepsItsSides() {
        board.switchTo(Routing.to(BLUE), 1);
        Side before = sideOf(new Visitor());

        board.switchTo(Routing.to(BLUE).admission(new Admission.Stopped("back at nine")), 1);
        Choice stopped = board.claim(new Visitor());
        board.switchTo(Routing.to(BLUE), 1);

        assertThat(stopped).isEqualTo(new Choice.Stopped("back at nine"));
        assertThat(sideOf(new Visitor())).isEqualTo(before);
    }

    @Test
    void admissionThatCannotBeIsRefused() {
        Routing noTime = Routing.to(BLUE).admission(new Admission.Held(Duration.ZERO, 1));
        Routing noPlace = Routing.to(BLUE).admission(new Admission.Held(Duration.ofSeconds(1), 0));
        Routing tooLong = Routing.to(BLUE).admission(new Admission.Stopped("x".repeat(2_001)));

        assertThatThrownBy(() -> board.switchTo(noTime, 1)).hasMessageContaining("more than no time");
        assertThatThrownBy(() -> board.switchTo(noPlace, 1)).hasMessageContaining("at least 1 request");
        assertThatThrownBy(() -> board.switchTo(tooLong, 1)).hasMessageContaining("2000 characters");
        assertThat(board.route()).isEqualTo(Route.none());
    }

    // --- several threads

    /** The targets of one switch say which switch it was: nobody may be inside an older one after it returned. */
    @Test
    void nobodyClaimsByAnOlderRoutingOnceTheSwitchReturned() throws Exception {
        AtomicInteger latest = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        Queue<String> late = new ConcurrentLinkedQueue<>();
        AtomicLong claims = new AtomicLong();
        board.switchTo(generation(0), 1);
        List<Thread> users = threads(8, () -> {
            while (!over.get()) {
                int oldestAllowed = latest.get();
                Visitor visitor = new Visitor();
                Side side = sideOf(visitor);
                int got = side.target().address().getPort();
                if (got < oldestAllowed) {
                    late.add(got + " after " + oldestAllowed);
                }
                side.gate().leave(visitor);
                claims.incrementAndGet();
            }
        });

        for (int i = 1; i <= 300; i++) {
            board.switchTo(generation(i), 1);
            latest.set(i);
            for (long seen = claims.get(); claims.get() < seen + 20 && late.isEmpty(); ) {
                Thread.onSpinWait();
            }
        }
        over.set(true);
        join(users);

        assertThat(late).isEmpty();
        assertThat(board.counts()).allMatch(counts -> counts.inFlight() == 0);
    }

    /** The side stays, and what changes is only who may come in: that, too, is over when the switch returns. */
    @Test
    void nobodyIsLetInByASideThatStaysOnceTheStopReturned() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicBoolean stopped = new AtomicBoolean();
        Queue<String> late = new ConcurrentLinkedQueue<>();
        AtomicLong rounds = new AtomicLong();
        board.switchTo(Routing.to(BLUE), 1);
        List<Thread> users = threads(8, () -> {
            while (!over.get()) {
                boolean mustBeStopped = stopped.get();
                Visitor visitor = new Visitor();
                if (board.claim(visitor) instanceof Choice.Go go) {
                    if (mustBeStopped && stopped.get()) {
                        late.add("let in");
                    }
                    go.side().gate().leave(visitor);
                }
                rounds.incrementAndGet();
            }
        });

        for (int i = 0; i < 300; i++) {
            board.switchTo(Routing.to(BLUE).admission(new Admission.Stopped("wait")), 1);
            stopped.set(true);
            for (long seen = rounds.get(); rounds.get() < seen + 20; ) {
                Thread.onSpinWait();
            }
            stopped.set(false);
            board.switchTo(Routing.to(BLUE), 1);
        }
        over.set(true);
        join(users);

        assertThat(late).isEmpty();
    }

    @Test
    void canaryGetsItsExactShareOfManyThreads() throws Exception {
        board.switchTo(Routing.to(BLUE).canary(Canary.of(GREEN, 10)), 1);
        AtomicLong canary = new AtomicLong();

        join(threads(8, () -> {
            for (int i = 0; i < 1_250; i++) {
                Visitor visitor = new Visitor();
                Side side = sideOf(visitor);
                if (side.target().equals(GREEN)) {
                    canary.incrementAndGet();
                }
                side.gate().leave(visitor);
            }
        }));

        assertThat(canary).hasValue(1_000);
    }

    // --- the world

    private Switchboard board() {
        Switchboard fresh = new Switchboard(Route.none(), route -> {}, TimeSource.system());
        fresh.whenClosed(closed::add);
        return fresh;
    }

    private Side sideOf(Guest guest) {
        return ((Choice.Go) board.claim(guest)).side();
    }

    /** Two targets that say by their port which one it is, so that whatever is chosen can be told. */
    private static Routing generation(int number) {
        URI address = URI.create("http://127.0.0.1:" + number);
        return Routing.to(new Target(Colour.BLUE, "stable-" + number, address))
                .canary(Canary.of(new Target(Colour.GREEN, "canary-" + number, address), 50));
    }

    private static Target target(Colour colour, String deployment) {
        return new Target(colour, deployment, URI.create("http://127.0.0.1:9000"));
    }

    private static List<Thread> threads(int number, Runnable work) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        return threads;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
