package dev.nonevent.pipeline.bluegreen.router.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicasTest {

    private static final long NOW = Long.MAX_VALUE - 5;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 64})
    void equalsGetTheSameNumberOfRequests(int count) {
        Replicas replicas = replicas(count);

        Map<Replica, Integer> chosen = chosen(replicas, count * 10);

        assertThat(chosen)
                .hasSize(count)
                .allSatisfy((replica, times) -> assertThat(times).isEqualTo(10));
    }

    @Test
    void theOneWithFewerInFlightIsPreferred() {
        Replicas replicas = replicas(2);
        Replica busy = replicas.all().get(0);
        busy.carries(1);

        assertThat(chosen(replicas, 20)).containsOnlyKeys(replicas.all().get(1));
        busy.carries(-1);
        assertThat(chosen(replicas, 20)).hasSize(2);
    }

    @Test
    void oneThatIsAlwaysIdleDoesNotDrawAllToItself() {
        Replicas replicas = replicas(5);
        replicas.all().subList(1, 5).forEach(busy -> busy.carries(100));

        int drawn = chosen(replicas, 1000).get(replicas.first());

        // It is one of two in two pairs of five.
        assertThat(drawn).isBetween(350, 450);
    }

    @Test
    void oneThatFailedRestsAndIsTriedByOneRequestAfterASecond() {
        Replicas replicas = replicas(3);
        Replica failed = replicas.first();

        failed.failed(NOW);

        assertThat(failed.takes(false, NOW + SECOND - 1)).isFalse();
        assertThat(failed.takes(false, NOW + SECOND)).isTrue();
        assertThat(failed.takes(false, NOW + SECOND)).isFalse();
        assertThat(chosen(replicas, 30)).doesNotContainKey(failed);
    }

    @Test
    void itRestsTwiceAsLongEachTimeUpToSixteenSeconds() {
        Replica failed = replicas(2).first();
        failed.failed(NOW);
        long tried = NOW;

        for (long seconds : List.of(1, 2, 4, 8, 16, 16)) {
            assertThat(failed.takes(false, tried + seconds * SECOND - 1)).isFalse();
            tried += seconds * SECOND;
            assertThat(failed.takes(false, tried)).isTrue();
            failed.failed(tried);
        }
    }

    @Test
    void anAnswerEndsTheRest() {
        Replica failed = replicas(2).first();
        failed.failed(NOW);

        failed.answered();

        assertThat(failed.takes(true, NOW)).isTrue();
    }

    @Test
    void whatMustNotBeSentTwiceLetsOthersTryFirst() {
        Replica failed = replicas(2).first();
        failed.failed(NOW);

        assertThat(failed.takes(true, NOW + SECOND)).isFalse();
        assertThat(failed.takes(true, NOW + 2 * SECOND)).isTrue();
    }

    @Test
    void thatAllHaveFailedKeepsNobodyFromTryingEachOnce() {
        Replicas replicas = replicas(3);
        replicas.all().forEach(each -> each.failed(NOW));

        long tried = 0;
        for (int i = 0; i < 3; i++) {
            Replica next = Objects.requireNonNull(replicas.choose(tried, true, NOW));
            assertThat(tried & next.bit()).isZero();
            tried |= next.bit();
        }

        assertThat(replicas.choose(tried, false, NOW)).isNull();
    }

    private static Map<Replica, Integer> chosen(Replicas replicas, int times) {
        Map<Replica, Integer> chosen = new HashMap<>();
        for (int i = 0; i < times; i++) {
            chosen.merge(Objects.requireNonNull(replicas.choose(0, false, NOW)), 1, Integer::sum);
        }
        return chosen;
    }

    private static Replicas replicas(int count) {
        List<URI> addresses = IntStream.range(0, count)
                .mapToObj(i -> URI.create("http://127.0.0.1:" + (9000 + i)))
                .toList();
        Target target = new Target(Colour.BLUE, "shop-1", addresses.get(0), addresses.subList(1, count));
        return Replicas.of(target, new Gate());
    }
}
