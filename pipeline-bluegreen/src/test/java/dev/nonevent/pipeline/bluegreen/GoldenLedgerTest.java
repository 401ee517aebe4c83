package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.ledger.FileLedger;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerLine;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ledgers that a process of each released format has left open, one for each fact it may have died after, are recovered by
 * today's code: with users on either side where the ledger cannot know it.
 *
 * <p>When the format changes, {@link GoldenLedgers} writes the next ones; those that are there stay as they are.
 */
@Timeout(120)
class GoldenLedgerTest {

    @TempDir(factory = InMemory.class)
    Path home;

    @TestFactory
    Stream<DynamicTest> ledgersOfEachFormatAreRecovered() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path format : folders(golden())) {
            for (Path ledger : folders(format)) {
                List<LedgerEntry> facts = facts(ledger);
                for (Optional<Target> users : whereUsersMayBe(facts)) {
                    String where = users.map(Target::deployment).orElse("nobody");
                    String name = format.getFileName() + " " + ledger.getFileName() + ", users on " + where;
                    tests.add(DynamicTest.dynamicTest(name, () -> recovered(ledger, facts, users, home.resolve(name))));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(20);
        return tests.stream();
    }

    @Test
    void formatThatIsWrittenTodayHasLedgersOfEachKindOfFact() throws Exception {
        Shop shop = new Shop(home.resolve("today"));
        shop.deploy("v1");
        String first = Files.readString(shop.home.resolve("deployments/shop/ledger.log"), StandardCharsets.UTF_8);
        Path today = golden().resolve("format-" + first.substring(1, first.indexOf(' ')));

        assertThat(today)
                .as("a new format: let GoldenLedgers write its ledgers, and keep those of the formats before")
                .isDirectory();
        Set<String> kinds = new HashSet<>();
        for (Path ledger : folders(today)) {
            facts(ledger).forEach(fact -> kinds.add(fact.getClass().getSimpleName()));
        }
        // Held is no step of a deployment: it ends a process that could not know what is there.
        kinds.add(LedgerEntry.Held.class.getSimpleName());
        assertThat(kinds)
                .as("a kind of fact that no golden ledger has: let GoldenLedgers write one beside the others")
                .containsAll(kindsOf(LedgerEntry.class));
    }

    private void recovered(Path golden, List<LedgerEntry> facts, Optional<Target> users, Path place) throws Exception {
        Shop shop = new Shop(place);
        Path directory = Files.createDirectories(place.resolve("deployments/shop"));
        Files.copy(golden, directory.resolve("ledger.log"));
        restore(shop, facts, users);
        boolean served = shop.world.served().isPresent();

        shop.blueGreen().recover(shop.context());

        assertThat(shop.blueGreen().recover(shop.context()))
                .as("recovering again")
                .isEmpty();
        assertThat(shop.world.violations()).isEmpty();
        boolean goesDown = facts.stream().anyMatch(LedgerEntry.TakingDown.class::isInstance);
        assertThat(shop.world.served().isPresent()).isEqualTo(served && !goesDown);
        assertThat(shop.world.host().releases()).hasSizeLessThanOrEqualTo(2);
        shop.deploy("v9");
        assertThat(shop.world.served()).contains("v9");
        assertThat(shop.world.violations()).isEmpty();
    }

    /** What a ledger says was started runs, unless it says that it was stopped. */
    private static void restore(Shop shop, List<LedgerEntry> facts, Optional<Target> users)
            throws InterruptedException {
        Map<String, Blueprint> blueprints = new HashMap<>();
        for (LedgerEntry fact : facts) {
            if (fact instanceof LedgerEntry.Begun begun) {
                blueprints.put(begun.deployment(), begun.blueprint());
            } else if (fact instanceof LedgerEntry.Created created) {
                Blueprint blueprint = blueprints.get(created.deployment());
                Instance started = shop.world.host().start("shop", created.deployment(), blueprint, shop.home);
                assertThat(started).isEqualTo(created.instance());
                shop.world.health().probe(started);
            } else if (fact instanceof LedgerEntry.Stopped stopped) {
                shop.world.host().stop(stopped.instance(), Duration.ZERO);
            }
        }
        boolean isDown = facts.get(facts.size() - 1) instanceof LedgerEntry.TakenDown;
        if (!isDown) {
            shop.world.switcher().open("shop", shop.home);
        }
        users.ifPresent(target -> shop.world.switcher().becomes(new Route(routing(target, facts), 1, 1)));
    }

    /** A part of the users may be with a canary. */
    private static Routing routing(Target users, List<LedgerEntry> facts) {
        LedgerEntry last = facts.get(facts.size() - 1);
        Routing all = Routing.to(users);
        return facts.stream()
                .filter(LedgerEntry.Shifting.class::isInstance)
                .map(LedgerEntry.Shifting.class::cast)
                .reduce((earlier, later) -> later)
                .filter(shifting -> last instanceof LedgerEntry.Shifted)
                .map(shifting -> all.canary(Canary.of(shifting.to(), shifting.percent())))
                .orElse(all);
    }

    /** Behind an intent they are on either side; otherwise where they were put last. */
    private static List<Optional<Target>> whereUsersMayBe(List<LedgerEntry> facts) {
        Optional<Target> now = Optional.empty();
        LedgerEntry last = facts.get(facts.size() - 1);
        for (LedgerEntry fact : facts) {
            if (fact instanceof LedgerEntry.Switching switching) {
                if (switching.equals(last)) {
                    return List.of(now, Optional.of(switching.to()));
                }
                now = Optional.of(switching.to());
            } else if (fact instanceof LedgerEntry.SwitchingBack back) {
                if (back.equals(last)) {
                    return List.of(now, Optional.of(back.to()));
                }
                now = Optional.of(back.to());
            } else if (fact instanceof LedgerEntry.TakenDown) {
                now = Optional.empty();
            }
        }
        return List.of(now);
    }

    private List<LedgerEntry> facts(Path ledger) throws IOException {
        Path copy = Files.createDirectories(home.resolve("read"));
        Files.copy(ledger, copy.resolve("ledger.log"), StandardCopyOption.REPLACE_EXISTING);
        return FileLedger.in(copy, "shop", TimeSource.system()).read().stream()
                .map(LedgerLine::entry)
                .toList();
    }

    private static Path golden() {
        try {
            return Path.of(Objects.requireNonNull(GoldenLedgerTest.class.getResource("golden"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static List<String> kindsOf(Class<?> type) {
        return type.isRecord()
                ? List.of(type.getSimpleName())
                : Stream.of(type.getPermittedSubclasses())
                        .flatMap(part -> kindsOf(part).stream())
                        .distinct()
                        .toList();
    }
}
