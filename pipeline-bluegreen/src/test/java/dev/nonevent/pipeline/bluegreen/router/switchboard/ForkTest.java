package dev.nonevent.pipeline.bluegreen.router.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForkTest {

    private static final Target STABLE = new Target(Colour.BLUE, "shop-1", URI.create("http://127.0.0.1:9001"));
    private static final Target NEW = new Target(Colour.GREEN, "shop-2", URI.create("http://127.0.0.1:9002"));
    private static final String STABLE_USER = "side=" + StickyCookie.valueFor("shop-1");
    private static final String CANARY_USER = "side=" + StickyCookie.valueFor("shop-2");

    private final Tallies tallies = new Tallies();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 33, 50, 99, 100})
    void everyHundredHasExactlyTheShare(int percent) {
        Share share = new Share(percent);

        for (int hundred = 0; hundred < 250; hundred++) {
            assertThat(picksOf(share, 100)).as("hundred %s", hundred).isEqualTo(percent);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 33, 50, 75})
    void anyThousandInARowIsOffByAtMostOne(int percent) {
        Share share = new Share(percent);
        int[] before = new int[12_001];
        for (int i = 1; i < before.length; i++) {
            before[i] = before[i - 1] + (share.picks() ? 1 : 0);
        }

        for (int start = 0; start + 1_000 < before.length; start++) {
            assertThat(before[start + 1_000] - before[start]).isBetween(10 * percent - 1, 10 * percent + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 5, 10, 20, 50, 100})
    void clientThatAsksForTheSamePagesInTurnMeetsTheCanaryOnEachOfThemEquallyOften(int pages) {
        Share share = new Share(10);
        int[] canary = new int[pages];

        for (int i = 0; i < 10_000; i++) {
            canary[i % pages] += share.picks() ? 1 : 0;
        }

        assertThat(canary).containsOnly(1_000 / pages);
    }

    @Test
    void headerDecidesWhateverTheCookieSays() {
        Fork fork = fork(Canary.of(NEW, 0).stickyBy("side").alsoFor("X-Canary", "yes"));

        assertThat(fork.choose(new Visitor("X-Canary", "no", "yes")).side().target())
                .isEqualTo(NEW);
        assertThat(fork.choose(new Visitor("X-Canary", "YES")).side().target()).isEqualTo(STABLE);
        assertThat(fork.choose(new Visitor("X-Canary", "yes")).cookie()).isEmpty();
    }

    @Test
    void cookieKeepsAUserOnEitherSideAndIsNotSetAgain() {
        Fork fork = fork(Canary.of(NEW, 50).stickyBy("side"));

        for (int i = 0; i < 100; i++) {
            Choice.Go stable = fork.choose(new Visitor("cookie", "a=b; " + STABLE_USER));
            Choice.Go canary = fork.choose(new Visitor("cookie", CANARY_USER + ";c=d"));

            assertThat(stable.side().target()).isEqualTo(STABLE);
            assertThat(canary.side().target()).isEqualTo(NEW);
            assertThat(stable.cookie()).isEmpty();
            assertThat(canary.cookie()).isEmpty();
        }
    }

    @Test
    void whoHasACookieIsNotPartOfTheShare() {
        Fork fork = fork(Canary.of(NEW, 10).stickyBy("side"));
        int canary = 0;

        for (int i = 0; i < 1_000; i++) {
            fork.choose(new Visitor("cookie", STABLE_USER));
            canary += fork.choose(new Visitor()).side().target().equals(NEW) ? 1 : 0;
        }

        assertThat(canary).isEqualTo(100);
    }

    @Test
    void whoIsChosenByTheShareGetsACookieThatBringsHimBack() {
        Fork fork = fork(Canary.of(NEW, 50).stickyBy("side"));

        for (int i = 0; i < 100; i++) {
            Choice.Go first = fork.choose(new Visitor());
            String cookie = first.cookie().orElseThrow();
            Choice.Go second = fork.choose(new Visitor("cookie", cookie.substring(0, cookie.indexOf(';'))));

            assertThat(cookie).endsWith("; Path=/; HttpOnly; SameSite=Lax").doesNotContain("shop");
            assertThat(second.side()).isEqualTo(first.side());
        }
    }

    @Test
    void cookieOfADeploymentThatIsGoneIsReplaced() {
        Fork fork = fork(Canary.of(NEW, 50).stickyBy("side"));
        Visitor former = new Visitor("cookie", "side=" + StickyCookie.valueFor("shop-0"));

        assertThat(fork.choose(former).cookie()).isPresent();
    }

    @Test
    void atZeroOnlyTheCookieAndTheHeaderLeadToTheCanaryAndNobodyIsTiedToTheOtherSide() {
        Fork fork = fork(Canary.of(NEW, 0).stickyBy("side"));

        for (int i = 0; i < 200; i++) {
            Choice.Go choice = fork.choose(new Visitor());
            assertThat(choice.side().target()).isEqualTo(STABLE);
            assertThat(choice.cookie()).isEmpty();
        }
        assertThat(fork.choose(new Visitor("cookie", CANARY_USER)).side().target())
                .isEqualTo(NEW);
    }

    @Test
    void atAHundredEverybodyGoesToTheCanary() {
        Fork fork = fork(Canary.of(NEW, 100).stickyBy("side"));

        assertThat(fork.choose(new Visitor("cookie", STABLE_USER)).side().target())
                .isEqualTo(NEW);
        assertThat(fork.choose(new Visitor()).cookie()).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "side",
                "side=",
                "=side",
                ";;;",
                "; ;",
                "",
                " ",
                "xside=VALUE",
                "side=VALUEx",
                "side =VALUE",
                "side=\"VALUE\"",
                "SIDE=VALUE",
                "a=side=VALUE"
            })
    void whatOnlyResemblesTheCookieIsNone(String line) {
        StickyCookie cookie = new StickyCookie("side");

        assertThat(cookie.isSetTo("VALUE", new Visitor("cookie", line))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"side=VALUE", " side=VALUE ", "a=b;side=VALUE", "a=b; side=VALUE;", "side=x; side=VALUE"})
    void cookieIsFoundAmongOthers(String line) {
        StickyCookie cookie = new StickyCookie("side");

        assertThat(cookie.isSetTo("VALUE", new Visitor("cookie", "x=y", line))).isTrue();
    }

    @Test
    void cookiesBeyondSixteenKilobytesAreNotRead() {
        StickyCookie cookie = new StickyCookie("side");

        assertThat(cookie.isSetTo("VALUE", new Visitor("cookie", "x".repeat(16 * 1024) + "; side=VALUE")))
                .isFalse();
        assertThat(cookie.isSetTo("VALUE", new Visitor("cookie", "x".repeat(16 * 1024), "side=VALUE")))
                .isFalse();
    }

    private Fork fork(Canary canary) {
        return new Fork(canary, tallies.newSide(STABLE), tallies.newSide(NEW), new Share(canary.percent()));
    }

    private static int picksOf(Share share, int requests) {
        int picks = 0;
        for (int i = 0; i < requests; i++) {
            picks += share.picks() ? 1 : 0;
        }
        return picks;
    }
}
