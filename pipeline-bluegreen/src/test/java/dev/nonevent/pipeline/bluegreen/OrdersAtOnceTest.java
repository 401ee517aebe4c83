package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.Orders.Kind;
import dev.nonevent.pipeline.bluegreen.Orders.Order;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several people want something of the same deployment. */
@Timeout(60)
class OrdersAtOnceTest {

    private static final String SHOP = "shop-2";

    @TempDir(factory = InMemory.class)
    Path directory;

    @Test
    void anAbortIsNotReplacedByWhatSomebodyElseWantsAfterIt() {
        orders().give(new Order(Kind.ABORT, SHOP, "ann"));

        for (Kind later : Kind.STEERS) {
            assertThatThrownBy(() -> orders().give(new Order(later, SHOP, "bob")))
                    .isInstanceOf(DeploymentFailedException.class)
                    .hasMessage("shop-2 is to end already: it was aborted by ann; nothing was changed");
        }

        assertThat(orders().take(SHOP, Kind.ALL)).contains(new Order(Kind.ABORT, SHOP, "ann"));
    }

    @Test
    void anAbortComesBeforeWhatSomebodyElseWantedEarlier() {
        orders().give(new Order(Kind.PAUSE, SHOP, "bob"));
        orders().give(new Order(Kind.ABORT, SHOP, "ann"));

        assertThat(orders().take(SHOP, Kind.ALL)).contains(new Order(Kind.ABORT, SHOP, "ann"));

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void anAbortOfAnotherDeploymentStopsNobody() {
        orders().give(new Order(Kind.ABORT, "shop-1", "ann"));
        orders().give(new Order(Kind.PAUSE, SHOP, "bob"));

        assertThat(orders().take(SHOP, Kind.ALL)).contains(new Order(Kind.PAUSE, SHOP, "bob"));

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void ordersOfSeveralPeopleAtOnceAreAllWritten() throws Exception {
        List<CompletableFuture<Void>> people = new ArrayList<>();
        for (int person = 0; person < 4; person++) {
            String who = "person-" + person;
            people.add(CompletableFuture.runAsync(() -> {
                for (int order = 0; order < 200; order++) {
                    orders().give(new Order(Kind.PAUSE, SHOP, who));
                }
            }));
        }

        CompletableFuture.allOf(people.toArray(new CompletableFuture<?>[0])).get(50, TimeUnit.SECONDS);

        assertThat(orders().take(SHOP, Kind.ALL)).map(Order::kind).contains(Kind.PAUSE);
        assertThat(directory).isEmptyDirectory();
    }

    private Orders orders() {
        return new Orders(directory);
    }
}
